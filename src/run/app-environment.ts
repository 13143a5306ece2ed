import type { HeldKey } from '../egress/key-ring.ts'
import type { AppDoor } from './ecosystem.ts'
import { table as ecosystems } from './ecosystems/index.ts'
import { markOf } from './launch-marks.ts'

export interface EgressAddresses extends Pick<AppDoor, 'forward' | 'bundle' | 'roots' | 'root' | 'write'> {
  /** By key name. */
  readonly reverse: Readonly<Record<string, string>>
}

/** Never through the door: this machine, and the address that clouds serve instance credentials at. */
const alwaysDirect = ['localhost', '127.0.0.1', '::1', '169.254.169.254'] as const

/**
 * The environment that the app gets: phantoms in the keys' places, and what clients find the door by. `environment` is
 * what the launcher left of the user's own.
 */
export async function appEnvironment(
  environment: Readonly<Record<string, string>>,
  keys: readonly HeldKey[],
  addresses: EgressAddresses | undefined,
  direct: readonly string[],
): Promise<Record<string, string>> {
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
  if (!addresses || keys.length === 0) return result
  const own = (environment.no_proxy ?? environment.NO_PROXY ?? '').split(',').map((host) => host.trim())
  const door: AppDoor = {
    ...addresses,
    hosts: [...new Set(keys.flatMap(({ hosts }) => hosts))],
    direct: [...new Set([...own, ...alwaysDirect, ...direct])].filter((host) => host !== ''),
    environment: { ...result },
  }
  for (const { load } of ecosystems) Object.assign(result, (await load()).prepare(door))
  return result
}
