import { limits } from '../../../limits.ts'
import type { HaproxyLine, HaproxySection } from '../../configuration/read-haproxy.ts'
import { type FieldFate, isCredentialField, isLoopback, type Route, type Upstream } from '../proxy.ts'
import { asksForCertificate, asksOtherwise, type Caller, conditionOf, holds, listsOf } from './conditions.ts'

/** A frontend with what it inherits, and the backends of its file. */
export interface Frontend {
  readonly section: HaproxySection
  readonly defaults: readonly HaproxyLine[]
  readonly global: readonly HaproxyLine[]
  readonly backends: ReadonlyMap<string, HaproxySection>
}

type Outcome = 'passes' | 'turned away' | 'unknown'

/**
 * Where requests of a listener go; `callers` are those that its `bind` line lets in. At most `proxyRoutesMax` of its
 * `use_backend` lines are followed, since each depends on all before it.
 */
export function routesOf(frontend: Frontend, callers: readonly Caller[], isTls: boolean): readonly Route[] {
  return targetsOf(frontend)
    .slice(0, limits.proxyRoutesMax)
    .flatMap((target) => routeOf(frontend, target, callers, isTls))
}

export function hasMoreRoutes(frontend: Frontend): boolean {
  return targetsOf(frontend).length > limits.proxyRoutesMax
}

interface Target {
  readonly line: HaproxyLine
  readonly backend: HaproxySection
}

function targetsOf({ section, defaults, backends }: Frontend): readonly Target[] {
  const uses = section.lines.filter(({ words: [keyword] }) => keyword?.value === 'use_backend')
  const fallback = [...defaults, ...section.lines].findLast(
    ({ words: [keyword] }) => keyword?.value === 'default_backend',
  )
  const named = [...uses, ...(fallback ? [fallback] : [])].flatMap((line) => {
    const backend = backends.get(line.words[1]?.value ?? '')
    return backend ? [{ line, backend }] : []
  })
  // A listen section is its own backend.
  return section.lines.some(({ words: [keyword] }) => keyword?.value === 'server')
    ? [...named, { line: section.head, backend: section }]
    : named
}

function routeOf(frontend: Frontend, target: Target, callers: readonly Caller[], isTls: boolean): readonly Route[] {
  const { section } = frontend
  const servers = target.backend.lines.filter(({ words: [keyword] }) => keyword?.value === 'server')
  const [server] = servers
  if (!server) return []
  const outcomes = new Map<Caller, Outcome>(
    (isTls ? (['none', 'bad', 'good'] as const) : (['plain'] as const)).map((caller) => [
      caller,
      outcomeOf(frontend, target, caller),
    ]),
  )
  const gate = gateOf(frontend, target, outcomes, isTls)
  if (gate === undefined) return []
  const rules = [...section.lines, ...(target.backend === section ? [] : target.backend.lines)]
  const { fields, prefixes } = fieldsOf(
    rules,
    callers.filter((caller) => outcomes.get(caller) !== 'turned away'),
  )
  return [
    {
      file: target.line.file,
      start: target.line.start,
      end: target.line.end,
      name:
        target.line === section.head
          ? `listen ${section.name}`
          : `${target.line.words[0]?.value} ${target.backend.name}`,
      to: server.words[2]?.value ?? '',
      gate,
      fields,
      removesPrefixes: prefixes,
      passesUnderscores: !restrictsNames([...frontend.defaults, ...rules]),
      overwrite: (names) => ({
        file: target.line.file,
        start: target.line.start,
        end: target.line.end,
        correction: [
          ...names.flatMap((name) => [
            `http-request del-header ${name.replaceAll('-', '_')}`,
            fields.get(name) === undefined || fields.get(name) === 'passed' ? `http-request del-header ${name}` : '',
          ]),
          target.line.file.quote(target.line.start, target.line.end),
        ]
          .filter((line) => line !== '')
          .join('\n'),
      }),
      upstream: upstreamOf(frontend, target.backend, server, rules),
    },
  ]
}

function gateOf(
  frontend: Frontend,
  target: Target,
  outcomes: ReadonlyMap<Caller, Outcome>,
  isTls: boolean,
): Route['gate'] | undefined {
  const all = [...outcomes.values()]
  if (all.every((outcome) => outcome === 'turned away')) return undefined
  const lists = listsOf(frontend.section.lines)
  const isOther = [...frontend.section.lines, ...target.backend.lines].some(({ words }) => {
    const values = words.map(({ value }) => value)
    return endsRequest(values) && (values[1] === 'auth' || asksOtherwise(values, lists))
  })
  if (isTls) {
    const none = outcomes.get('none')
    const bad = outcomes.get('bad')
    if (none === 'turned away' && bad === 'turned away') return 'certificate'
    if (none === 'unknown' || bad === 'unknown') return 'other'
    if (none === 'turned away') return isOther ? 'other' : 'shown'
  } else if (all.includes('unknown')) return 'other'
  return isOther ? 'other' : 'open'
}

/** Rules that answer or close instead of passing a request on. */
function endsRequest(words: readonly string[]): boolean {
  const [keyword = '', action = '', more = ''] = words
  if (keyword === 'http-request') return /^(?:deny|reject|tarpit|silent-drop|return|redirect|auth)$/.test(action)
  if (keyword === 'tcp-request')
    return /^(?:connection|session|content)$/.test(action) && /^(?:reject|silent-drop)$/.test(more)
  return keyword === 'redirect' || keyword === 'block'
}

function outcomeOf(frontend: Frontend, target: Target, caller: Caller): Outcome {
  const { section } = frontend
  const front = runs(section.lines, caller)
  if (front === 'turned away') return front
  const chosen = isChosen(section, target, caller)
  if (!chosen) return 'turned away'
  const back = target.backend === section ? 'passes' : runs(target.backend.lines, caller)
  return back === 'passes' ? front : back
}

/** `use_backend` rules are tried in order; what no rule takes goes to the default. */
function isChosen(section: HaproxySection, target: Target, caller: Caller): boolean {
  const lists = listsOf(section.lines)
  for (const line of section.lines) {
    if (line.words[0]?.value !== 'use_backend') continue
    const value = holds(
      line.words.map((word) => word.value),
      caller,
      lists,
    )
    if (line === target.line) return value !== false
    if (value === true) return false
  }
  return true
}

function runs(lines: readonly HaproxyLine[], caller: Caller): Outcome {
  const lists = listsOf(lines)
  let isUnsure = false
  for (const { words } of lines) {
    const values = words.map(({ value }) => value)
    const isAllow = values[0] === 'http-request' && values[1] === 'allow'
    if (!isAllow && (!endsRequest(values) || values[1] === 'auth')) continue
    const value = holds(values, caller, lists)
    if (value === true) return isAllow ? (isUnsure ? 'unknown' : 'passes') : 'turned away'
    if (value === undefined && asksForCertificate(values, lists)) isUnsure = true
  }
  return isUnsure ? 'unknown' : 'passes'
}

function fieldsOf(
  lines: readonly HaproxyLine[],
  callers: readonly Caller[],
): { readonly fields: ReadonlyMap<string, FieldFate>; readonly prefixes: readonly string[] } {
  const lists = listsOf(lines)
  const done = new Map<string, Map<Caller, FieldFate>>()
  const prefixes: string[] = []
  for (const { words } of lines) {
    const values = words.map(({ value }) => value)
    const [keyword, action, name = '', value = ''] = values
    if (keyword !== 'http-request' || (action !== 'set-header' && action !== 'del-header')) continue
    const method = values[values.indexOf('-m') + 1]
    if (action === 'del-header' && values.includes('-m') && method === 'beg' && !conditionOf(values))
      prefixes.push(name.toLowerCase())
    if (action === 'del-header' && values.includes('-m') && method !== 'str') continue
    const field = name.toLowerCase()
    const fate = action === 'del-header' ? 'removed' : fateOf(field, value)
    const fates = done.get(field) ?? new Map<Caller, FieldFate>()
    for (const caller of callers) if (holds(values, caller, lists) === true) fates.set(caller, fate)
    done.set(field, fates)
  }
  const fields = new Map<string, FieldFate>()
  for (const [field, fates] of done) {
    const all = callers.map((caller) => fates.get(caller))
    if (all.length === 0 || all.includes(undefined)) continue
    const [first = 'set'] = all.filter((fate) => fate === 'verified' || fate === 'set' || fate === 'passed')
    fields.set(field, all.includes('passed') ? 'passed' : all.every((fate) => fate === 'removed') ? 'removed' : first)
  }
  return { fields, prefixes }
}

function fateOf(field: string, value: string): FieldFate {
  if (value.toLowerCase().includes(`hdr(${field}`)) return 'passed'
  // ssl_c_verify alone is 0, as for a good one, where no certificate was shown.
  return /ssl_c_used|ssl_fc_has_crt/.test(value) ? 'verified' : 'set'
}

function restrictsNames(lines: readonly HaproxyLine[]): boolean {
  return lines.some(
    ({ words: [option, name, action] }) =>
      option?.value === 'option' &&
      name?.value === 'http-restrict-req-hdr-names' &&
      (action?.value === 'delete' || action?.value === 'reject'),
  )
}

function upstreamOf(
  frontend: Frontend,
  backend: HaproxySection,
  server: HaproxyLine,
  rules: readonly HaproxyLine[],
): Upstream {
  const own = server.words.map(({ value }) => value)
  const shared = [...frontend.defaults, ...backend.lines]
    .filter(({ words: [keyword] }) => keyword?.value === 'default-server')
    .flatMap(({ words }) => words.map(({ value }) => value))
  const words = [...shared, ...own]
  const at = words.lastIndexOf('verify')
  const isOffForAll = frontend.global.some(
    ({ words: [name, value] }) => name?.value === 'ssl-server-verify' && value?.value === 'none',
  )
  const isOff = at === -1 ? isOffForAll : words[at + 1] === 'none'
  const sends = rules.find(
    ({ words: [keyword, action, name, value] }) =>
      keyword?.value === 'http-request' &&
      action?.value === 'set-header' &&
      isCredentialField(name?.value ?? '') &&
      !/hdr\(/.test(value?.value ?? ''),
  )
  const text = server.file.quote(server.start, server.end)
  return {
    transport: words.includes('ssl') ? 'tls' : 'plain',
    isVerified: !isOff,
    isLocal: isLoopback(hostOf(server.words[2]?.value ?? '')),
    isExplicit: true,
    ...(sends
      ? { sends: `the ${sends.words[2]?.value} field` }
      : words.includes('crt')
        ? { sends: 'a client certificate' }
        : {}),
    verify: {
      file: server.file,
      start: server.start,
      end: server.end,
      correction: own.includes('verify')
        ? text.replace(/\bverify\s+none\b/, 'verify required ca-file /etc/ssl/certs/ca-certificates.crt')
        : `${text} verify required ca-file /etc/ssl/certs/ca-certificates.crt`,
    },
  }
}

export function hostOf(address: string): string {
  const bare = address.replace(/^(?:ipv[46]|tcp[46]?)@/, '')
  if (/^(?:unix|abns)@|^\//.test(bare)) return bare.startsWith('unix@') ? bare.slice(5) : bare
  return bare.replace(/:[^:\]]*$/, '')
}
