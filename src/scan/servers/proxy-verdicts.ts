import type { TreeEvidence } from '../rule.ts'
import { hasSources, identityFieldUses } from './identity-fields.ts'
import type { ProxyListener, Route } from './proxy.ts'

/** Names that people give to what answers without saying anything. */
const harmless = /(?:health|healthz|livez?|readyz?|ready|ping|status|alive|up|robots\.txt|favicon|well-known|acme)/i

export interface OpenRoutes {
  /** Nobody turns a client without a good certificate away, neither here nor, as far as is known, at the upstream. */
  readonly open: readonly Route[]
  readonly gated: readonly Route[]
  /** The proxy's verdict is handed on to programs, none of which is in the tree. */
  readonly judgedElsewhere: readonly Route[]
}

/** Sorts a listener's routes; those that hand the proxy's verdict to a program that reads it are neither. */
export function openRoutes({ tree }: Pick<TreeEvidence, 'tree'>, { proxy, clients }: ProxyListener): OpenRoutes {
  const uses = identityFieldUses(tree)
  const isProgramHere = hasSources(tree)
  const isJudgedBehind = ({ fields }: Route) =>
    [...fields].some(([field, fate]) => fate === 'verified' && (!isProgramHere || uses.has(field)))
  // Where what is shown is verified, to have shown one is enough.
  const gates = clients === 'optional' ? ['certificate', 'shown'] : ['certificate']
  const isOpen = ({ gate }: Route) => gate === 'open' || (gate === 'shown' && !gates.includes(gate))
  return {
    open: proxy.routes.filter((route) => isOpen(route) && !isHarmless(route) && !isJudgedBehind(route)),
    judgedElsewhere: isProgramHere ? [] : proxy.routes.filter((route) => isOpen(route) && isJudgedBehind(route)),
    gated: proxy.routes.filter(({ gate }) => gates.includes(gate)),
  }
}

export function isHarmless({ name }: Route): boolean {
  return harmless.test(name)
}

/** As a message calls it. */
export function addressText({ address, port }: ProxyListener): string {
  const host = address === undefined || address === '' ? '*' : address
  return port === undefined ? host : `${host}:${port}`
}

/** Of routes, for a message: the first three by name. */
export function namesOf(routes: readonly Route[]): string {
  const names = [...new Set(routes.map(({ name }) => name))]
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

/** The host that a route leads to, as written: names of one upstream are the same in one configuration. */
export function hostOfRoute({ to }: Route): string {
  return to.replace(/^\w+:\/\//, '').replace(/[/?].*$/s, '')
}
