import type { HeldKey } from '../egress/key-ring.ts'
import { markOf } from './launch-marks.ts'

export interface EgressAddresses {
  /** `http://127.0.0.1:PORT` */
  readonly forward: string
  /** Path of the bundle: the system's roots and ours. */
  readonly bundle: string
  /** By key name. */
  readonly reverse: Readonly<Record<string, string>>
}

/** Names that a client reads its trusted roots from; each replaces its own roots, so the bundle holds them all. */
const bundleVariables = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'AWS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
] as const

/** Never through the door: this machine, and the address that clouds serve instance credentials at. */
const alwaysDirect = ['localhost', '127.0.0.1', '::1', '169.254.169.254'] as const

/**
 * The environment that the app gets: phantoms in the keys' places, and the variables by which clients find the door.
 * `environment` is what the launcher left of the user's own.
 */
export function appEnvironment(
  environment: Readonly<Record<string, string>>,
  keys: readonly HeldKey[],
  addresses: EgressAddresses | undefined,
  direct: readonly string[],
): Record<string, string> {
  const result: Record<string, string> = { ...environment }
  for (const key of keys) {
    const phantom = key.phantom.toString('latin1')
    const mark = markOf(key.name)
    for (const [name, value] of Object.entries(result)) {
      if (value.includes(mark)) result[name] = value.replaceAll(mark, phantom)
    }
    for (const variable of key.environment) result[variable] = phantom
    const url = addresses?.reverse[key.name]
    if (url !== undefined) for (const { variable, path } of key.urls) result[variable] = url + path
  }
  if (addresses && keys.length > 0) {
    // Both cases: Ruby asks for http_proxy in lower case even for TLS, curl for HTTPS_PROXY.
    for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) result[name] = addresses.forward
    const own = (environment.no_proxy ?? environment.NO_PROXY ?? '').split(',').map((host) => host.trim())
    const none = [...new Set([...own, ...alwaysDirect, ...direct])].filter((host) => host !== '').join(',')
    result.no_proxy = none
    result.NO_PROXY = none
    result.NODE_USE_ENV_PROXY = '1'
    for (const name of bundleVariables) result[name] = addresses.bundle
  }
  return result
}
