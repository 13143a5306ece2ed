import { SallyportError } from '../errors.ts'
import { type AuthorityPattern, compileAuthorityPattern, matchesAuthority } from './authority-pattern.ts'
import { compilePathPattern, matchesPath, type PathPattern, readPath } from './path-pattern.ts'

/** A rule about requests as the plan holds it. An absent list means any. */
export interface RouteRule {
  readonly hosts?: readonly string[]
  readonly methods?: readonly string[]
  readonly paths?: readonly string[]
  /** The place of the rule in the configuration. */
  readonly at: string
}

/** The request as its bytes say it. */
export interface RoutedRequest {
  /** Canonical: lower case, `host:port`; without a port it is 443. */
  readonly authority: string
  /** As sent: methods are case-sensitive. */
  readonly method: string
  /** Target in origin form, query and all, or `*`; one character a byte. */
  readonly target: string
}

/** `rule` is the `at` of the rule that allowed. `why` names no part of the request; `ambiguous` is about its path. */
export type RouteDecision =
  | { readonly allowed: true; readonly rule: string }
  | { readonly allowed: false; readonly ambiguous: boolean; readonly why: string }

export interface CompiledRoutes {
  /** The first rule that allows decides; when none does, the request is refused. Pure, and allocates nothing. */
  decide(request: RoutedRequest): RouteDecision
}

interface CompiledRule {
  readonly hosts: readonly AuthorityPattern[] | undefined
  readonly methods: readonly string[] | undefined
  readonly paths: readonly PathPattern[] | undefined
  readonly allows: RouteDecision
}

/** Throws CONFIG_INVALID, with the rule's place, for a pattern that cannot be compiled. */
export function compileRoutes(rules: readonly RouteRule[]): CompiledRoutes {
  const compiled = rules.map(compileRule)
  return { decide: (request) => decide(compiled, request) }
}

function compileRule({ hosts, methods, paths, at }: RouteRule): CompiledRule {
  return {
    hosts: hosts?.map((text, i) => good(compileAuthorityPattern(text), `${at} hosts[${i}]`)),
    methods,
    paths: paths?.map((text, i) => good(compilePathPattern(text), `${at} paths[${i}]`)),
    allows: { allowed: true, rule: at },
  }
}

function good<T>(result: { readonly pattern: T } | { readonly problem: string }, at: string): T {
  if ('problem' in result) throw new SallyportError('CONFIG_INVALID', `${at}: ${result.problem}`)
  return result.pattern
}

const ambiguous = refusal('the path can be read in more than one way', true)
const noRule = refusal('there is no rule')
const noHost = refusal('no rule allows this host')
const noMethod = refusal('no rule allows this method on this host')
const noPath = refusal('no rule allows this path with this method on this host')

function refusal(why: string, isAmbiguous = false): RouteDecision {
  return { allowed: false, ambiguous: isAmbiguous, why }
}

function decide(rules: readonly CompiledRule[], request: RoutedRequest): RouteDecision {
  const path = readPath(request.target)
  // Before any rule, also before one that allows every path: what is behind us may not read what we read.
  if (path === undefined) return ambiguous
  let nearest = 0
  for (const rule of rules) {
    if (!allowsHost(rule, request.authority)) nearest = Math.max(nearest, 1)
    else if (rule.methods && !rule.methods.includes(request.method)) nearest = Math.max(nearest, 2)
    else if (!allowsPath(rule, path)) nearest = 3
    else return rule.allows
  }
  return [noRule, noHost, noMethod, noPath][nearest] ?? noRule
}

function allowsHost({ hosts }: CompiledRule, authority: string): boolean {
  if (!hosts) return true
  for (const pattern of hosts) if (matchesAuthority(pattern, authority)) return true
  return false
}

function allowsPath({ paths }: CompiledRule, path: string): boolean {
  if (!paths) return true
  for (const pattern of paths) if (matchesPath(pattern, path)) return true
  return false
}
