import type { Listener } from './listener.ts'
import { isLoopback, isProxyListener } from './proxy.ts'

/** Listeners of programs themselves: no proxy's, no mesh's, and none that only developers start where others are started too. */
export function appListeners(listeners: readonly Listener[]): readonly Listener[] {
  const own = listeners.filter((listener) => !isProxyListener(listener) && listener.mesh === undefined)
  const isDeployed = own.some(({ startedBy }) => startedBy !== undefined && startedBy.isDevelopment !== true)
  return isDeployed ? own.filter(({ startedBy }) => startedBy?.isDevelopment !== true) : own
}

/** Whether other machines reach it: undefined where nothing says the address. */
export function isBeyondLoopback({ address }: Listener): boolean | undefined {
  return address === undefined ? undefined : !isLoopback(address)
}

/** Whether two listeners can be there at once: not where they stand in different arms of one branch. */
export function mayHoldTogether(one: Listener, other: Listener): boolean {
  if (one.file !== other.file) return one.startedBy === other.startedBy
  return (one.arms ?? []).every(([branch, arm]) =>
    (other.arms ?? []).every(([its, itsArm]) => its !== branch || itsArm === arm),
  )
}

export function placeText({ address, port }: Listener): string {
  if (address === undefined) return port === undefined ? 'its address' : `port ${port}`
  return port === undefined ? address : `${address}:${port}`
}

/** Each place in the source once: several starts may read one configuration. */
export function oncePerPlace(listeners: readonly Listener[]): readonly Listener[] {
  const places = new Map(listeners.map((listener) => [`${listener.file.path} ${listener.start}`, listener] as const))
  return [...places.values()]
}
