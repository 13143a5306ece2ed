import { SallyportError } from '../errors.ts'
import type { ClientIdentity } from '../identity/client-identity.ts'
import { parseSpiffeId } from '../identity/spiffe-id.ts'
import { compilePathPattern, matchesPath } from './path-pattern.ts'
import { type CompiledRoutes, compileRoutes, type RouteDecision, type RouteRule } from './route.ts'

/** A rule about clients as the plan holds it: who (exactly one of the three), and for which requests. */
export interface ClientRule extends RouteRule {
  readonly allow: {
    /** Exact, or with `*` and `**` as segments of its path. */
    readonly spiffe?: string
    readonly dns?: string
    readonly spki?: string
  }
}

export interface ClientRequest {
  /** Lower case, with or without its port; a rule's host without a port means any. */
  readonly host: string
  readonly method: string
  /** Target in origin form or `*`; one character a byte. */
  readonly target: string
}

export interface ClientPolicy {
  /** Refuses what no rule allows. `rule` is the place of the rule that allowed; `why` is for the log, not the client. */
  decide(identity: ClientIdentity, request: ClientRequest): RouteDecision
}

/** Throws CONFIG_INVALID, with the rule's place, for a rule that cannot be compiled. */
export function compileClientRules(rules: readonly ClientRule[]): ClientPolicy {
  const compiled = rules.map((rule) => ({ rule, isClient: compileMatch(rule) }))
  // An identity lives as long as its connection, and which rules are about it does not change.
  const routesOf = new WeakMap<ClientIdentity, CompiledRoutes | 'none'>()
  compileRoutes(rules)
  return {
    decide(identity, { host, method, target }) {
      let routes = routesOf.get(identity)
      if (!routes) {
        const mine = compiled.filter(({ isClient }) => isClient(identity)).map(({ rule }) => rule)
        routes = mine.length === 0 ? 'none' : compileRoutes(mine)
        routesOf.set(identity, routes)
      }
      return routes === 'none' ? unknownClient : routes.decide({ authority: host, method, target })
    },
  }
}

const unknownClient: RouteDecision = { allowed: false, ambiguous: false, why: 'no rule is about this client' }

function compileMatch({ allow, at }: ClientRule): (identity: ClientIdentity) => boolean {
  const { spiffe, dns, spki } = allow
  const given = [spiffe, dns, spki].filter((value) => value !== undefined)
  if (given.length !== 1) {
    throw new SallyportError('CONFIG_INVALID', `${at} allow: must name exactly one of spiffe, dns and spki`)
  }
  if (dns !== undefined) return (identity) => identity.dns.includes(dns)
  if (spki !== undefined) return (identity) => identity.spki === spki
  return compileSpiffe(spiffe ?? '', `${at} allow.spiffe`)
}

function compileSpiffe(text: string, at: string): (identity: ClientIdentity) => boolean {
  if (!text.includes('*')) {
    const parsed = parseSpiffeId(text)
    if ('problem' in parsed) throw new SallyportError('CONFIG_INVALID', `${at}: ${parsed.problem}`)
    return (identity) => identity.spiffe === text
  }
  const split = /^(spiffe:\/\/[^/*]+)(\/.*)$/.exec(text)
  const domain = split?.[1] ?? ''
  const domainProblem = parseSpiffeId(domain)
  const compiled = compilePathPattern(split?.[2] ?? '')
  if (!split || 'problem' in domainProblem || 'problem' in compiled) {
    const says = 'problem' in compiled ? compiled.problem : 'names no trust domain; `*` may stand only in its path'
    throw new SallyportError('CONFIG_INVALID', `${at}: ${says}`)
  }
  const { pattern } = compiled
  return ({ spiffe }) => spiffe?.startsWith(`${domain}/`) === true && matchesPath(pattern, spiffe.slice(domain.length))
}
