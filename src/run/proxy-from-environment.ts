import type { ProxyPlan } from '../config/plan.ts'
import { readProxyUrl } from '../config/read-authority.ts'
import { directHosts } from '../egress/way-out.ts'
import { SallyportError } from '../errors.ts'

/** Under which the handover has the value of Proxy-Authorization: no variable can be called so. */
export const proxySecret = 'sallyport:proxy-authorization'

/** In the order in which clients ask: for TLS, for everything, and what Ruby reads for TLS as well. */
const names = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'] as const

export interface FoundProxy {
  readonly plan: ProxyPlan
  /** The whole value of Proxy-Authorization. */
  readonly authorization?: string
  readonly notice: string
}

/**
 * The proxy that our user's environment names, or undefined. Throws CONFIG_INVALID for one that cannot be gone through:
 * to go straight instead would be another way out than its user has chosen.
 */
export function proxyFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): FoundProxy | undefined {
  const name = names.find((candidate) => (environment[candidate] ?? '').trim() !== '')
  if (name === undefined) return undefined
  const text = (environment[name] as string).trim()
  const reading = readProxyUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if ('problem' in reading)
    throw new SallyportError(
      'CONFIG_INVALID',
      `the variable ${name} ${reading.problem}; or set egress.proxy to none, to go straight`,
    )
  const { userInfo, ...address } = reading.value
  const direct = noProxy(environment)
  const where = `the proxy ${address.host}:${address.port}, which ${name} names`
  return {
    plan: { ...address, direct, ...(userInfo === undefined ? {} : { secret: proxySecret }) },
    ...(userInfo === undefined ? {} : { authorization: `Basic ${Buffer.from(userInfo).toString('base64')}` }),
    notice: `requests leave through ${where}`,
  }
}

function noProxy(environment: Readonly<Record<string, string | undefined>>): string[] {
  return (environment.no_proxy ?? environment.NO_PROXY ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
}

/** Of `hosts` (authorities), those that the app calls past the door because its user's NO_PROXY names them. */
export function hostsPastTheDoor(
  hosts: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const isDirect = directHosts(noProxy(environment))
  return hosts.filter((authority) => {
    const colon = authority.lastIndexOf(':')
    // Of a pattern, any host that it stands for.
    const host = authority
      .slice(0, colon)
      .replace(/^\*\./, 'any.')
      .replace(/^\[|\]$/g, '')
    return isDirect(host, Number(authority.slice(colon + 1)))
  })
}

/**
 * The environment without what leads past the door: the proxy variables, and the user name and password of a proxy
 * wherever else they stand (`npm_config_proxy`, …).
 */
export function withoutProxies(environment: Readonly<Record<string, string>>): Record<string, string> {
  const credentials = names.flatMap(
    (name) => /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]+@)/i.exec(environment[name] ?? '')?.[1] ?? [],
  )
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => !names.some((other) => other === name))
      .map(([name, value]) => [name, credentials.reduce((text, part) => text.replaceAll(`://${part}`, '://'), value)]),
  )
}
