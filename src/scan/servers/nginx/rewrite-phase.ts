import { limits } from '../../../limits.ts'
import type { NginxDirective } from '../../configuration/read-nginx.ts'

/** What nginx has in `$ssl_client_verify`. */
export type Verdict = 'SUCCESS' | 'NONE' | 'FAILED:unable to verify the first certificate'

/** `map` blocks by the variable that they make. */
export type Maps = ReadonlyMap<string, NginxDirective>

export type Outcome = 'passes' | 'turned away' | 'unknown'

interface Run {
  readonly variables: Map<string, string | undefined>
  readonly maps: Maps
  /** Whether something that could not be evaluated, and that depends on the certificate, may turn the request away. */
  unsure: boolean
}

/**
 * What becomes of a request with this verdict in the rewrite phase: `if`, `set` and `return` of the server and then of
 * the location, in the order of the file.
 */
export function rewritePhase(
  server: readonly NginxDirective[],
  location: readonly NginxDirective[],
  verdict: Verdict,
  maps: Maps,
): Outcome {
  const run: Run = { variables: new Map([['ssl_client_verify', verdict]]), maps, unsure: false }
  if (verdict === 'NONE')
    for (const name of ['s_dn', 'i_dn', 's_dn_legacy', 'serial', 'fingerprint', 'cert', 'escaped_cert', 'raw_cert'])
      run.variables.set(`ssl_client_${name}`, '')
  for (const directives of [server, location]) if (runs(directives, run)) return 'turned away'
  return run.unsure ? 'unknown' : 'passes'
}

/** Whether the request ends here. */
function runs(directives: readonly NginxDirective[], run: Run): boolean {
  for (const { name, args, block } of directives) {
    if (name === 'return') return true
    if (name === 'set')
      run.variables.set((args[0]?.value ?? '').replace(/^\$/, ''), interpolate(args[1]?.value ?? '', run))
    if (name !== 'if' || !block) continue
    const holds = evaluate(
      args.map(({ value }) => value),
      run,
    )
    if (holds && runs(block, run)) return true
    if (holds !== undefined) continue
    const words = args.map(({ value }) => value).join(' ')
    if (block.some((inner) => inner.name === 'return') && dependsOnCertificate(words, run)) run.unsure = true
    for (const inner of block)
      if (inner.name === 'set') run.variables.set((inner.args[0]?.value ?? '').replace(/^\$/, ''), undefined)
  }
  return false
}

function dependsOnCertificate(words: string, run: Run): boolean {
  for (const [, name = ''] of words.matchAll(/\$\{?(\w+)/g)) {
    if (name.startsWith('ssl_client_')) return true
    if (run.variables.has(name) && run.variables.get(name) === undefined) return true
    if (run.maps.get(name)?.args.some(({ value }) => value.includes('ssl_client_'))) return true
  }
  return false
}

/** An `if`'s condition; undefined where it depends on what is not known. */
function evaluate(words: readonly string[], run: Run): boolean | undefined {
  const text = words.join(' ').trim()
  if (!text.startsWith('(') || !text.endsWith(')')) return undefined
  const condition = text.slice(1, -1).trim()
  const compared = /^(\S+)\s+(!=|=|!~\*?|~\*?)\s*(.*)$/s.exec(condition)
  if (!compared) {
    const value = condition.startsWith('$') ? interpolate(condition, run) : undefined
    return value === undefined ? undefined : value !== '' && value !== '0'
  }
  const [, left = '', operator = '', right = ''] = compared
  const value = interpolate(left, run)
  if (value === undefined) return undefined
  if (operator === '=' || operator === '!=') {
    const other = interpolate(right.replace(/^(["'])(.*)\1$/s, '$2'), run)
    return other === undefined ? undefined : (value === other) === (operator === '=')
  }
  const found = matchesSimple(value, right, operator.endsWith('*'))
  return found === undefined ? undefined : found === !operator.startsWith('!')
}

/** What is left of the work for one value. */
interface Effort {
  lookups: number
}

function interpolate(
  text: string,
  run: Run,
  effort: Effort = { lookups: limits.configurationLookupsMax },
): string | undefined {
  let isKnown = true
  let length = text.length
  const value = text.replace(/\$\{(\w+)\}|\$(\w+)/g, (_whole, braced: string | undefined, bare: string | undefined) => {
    const known = isKnown ? variableValue(braced ?? bare ?? '', run, effort) : undefined
    length += known?.length ?? 0
    if (known === undefined || length > limits.configurationTextMax) isKnown = false
    return isKnown ? (known ?? '') : ''
  })
  return isKnown ? value : undefined
}

function variableValue(name: string, run: Run, effort: Effort): string | undefined {
  if (run.variables.has(name)) return run.variables.get(name)
  const map = run.maps.get(name)
  // Maps may be made of each other, and of themselves.
  const source = map && effort.lookups-- > 0 ? interpolate(map.args[0]?.value ?? '', run, effort) : undefined
  if (source === undefined) return undefined
  let fallback: string | undefined = ''
  for (const { name: key, args } of map?.block ?? []) {
    const value = args[0]?.value ?? ''
    if (key === 'default') fallback = value
    else {
      const isPattern = key.startsWith('~')
      const found = isPattern
        ? matchesSimple(source, key.replace(/^~\*?/, ''), key.startsWith('~*'))
        : source.toLowerCase() === key.toLowerCase()
      if (found === undefined) return undefined
      if (found) return interpolate(value, run, effort)
    }
  }
  return fallback === undefined ? undefined : interpolate(fallback, run, effort)
}

/** Only patterns of letters with anchors and alternatives: a stranger's expression is never run. */
function matchesSimple(value: string, written: string, ignoresCase: boolean): boolean | undefined {
  const pattern = written.replace(/^(["'])(.*)\1$/s, '$2')
  if (!/^\^?\(?(?:[\w:. -]+)(?:\|[\w:. -]+)*\)?(?:\.\*)?\$?$/.test(pattern)) return undefined
  const [given, wanted] = ignoresCase ? [value.toLowerCase(), pattern.toLowerCase()] : [value, pattern]
  const atStart = wanted.startsWith('^')
  const atEnd = wanted.endsWith('$') && !wanted.endsWith('.*$')
  return wanted
    .replace(/^\^|\$$/g, '')
    .replace(/\.\*$/, '')
    .replace(/^\(|\)$/g, '')
    .split('|')
    .some((word) =>
      atStart && atEnd
        ? given === word
        : atStart
          ? given.startsWith(word)
          : atEnd
            ? given.endsWith(word)
            : given.includes(word),
    )
}
