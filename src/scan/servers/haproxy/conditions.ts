import type { HaproxyLine } from '../../configuration/read-haproxy.ts'

/** Who asks: without TLS, without a certificate, with one that was not verified, with a good one. */
export type Caller = 'plain' | 'none' | 'bad' | 'good'

/** Definitions of a name, any of which makes it true. */
export type Lists = ReadonlyMap<string, readonly (readonly string[])[]>

const made = new WeakMap<readonly HaproxyLine[], Lists>()

export function listsOf(lines: readonly HaproxyLine[]): Lists {
  // Asked for again with every route and every caller.
  const known = made.get(lines)
  if (known) return known
  const lists = new Map<string, (readonly string[])[]>()
  for (const { words } of lines) {
    const [keyword, name, ...expression] = words.map(({ value }) => value)
    if (keyword !== 'acl' || name === undefined) continue
    const list = lists.get(name)
    if (list) list.push(expression)
    else lists.set(name, [expression])
  }
  made.set(lines, lists)
  return lists
}

/** The condition at the end of a rule's words: `if …` and `unless …`. */
export function conditionOf(
  words: readonly string[],
): { readonly words: readonly string[]; readonly isUnless: boolean } | undefined {
  const at = words.findLastIndex((word) => word === 'if' || word === 'unless')
  return at === -1 ? undefined : { words: words.slice(at + 1), isUnless: words[at] === 'unless' }
}

/** Whether a rule's condition holds for a caller; undefined where that depends on more than the caller. */
export function holds(words: readonly string[], caller: Caller, lists: Lists): boolean | undefined {
  const condition = conditionOf(words)
  if (!condition) return true
  const value = either(
    alternativesOf(condition.words).map((terms) => both(terms.map((term) => termHolds(term, caller, lists)))),
  )
  return condition.isUnless ? negate(value) : value
}

/** Whether a rule depends on the client's certificate. */
export function asksForCertificate(words: readonly string[], lists: Lists): boolean {
  return expressionsOf(words, lists).some((fetch) => /^ssl_(?:c_|fc_has_crt|f?c_.*crt)/.test(fetch))
}

/** Whether a rule lets only some addresses or passwords through. */
export function asksOtherwise(words: readonly string[], lists: Lists): boolean {
  return expressionsOf(words, lists).some((fetch) => /^(?:src\b|http_auth)/.test(fetch))
}

function expressionsOf(words: readonly string[], lists: Lists): readonly string[] {
  return (conditionOf(words)?.words ?? []).flatMap((word, i, all) => {
    const name = word.replace(/^!+/, '')
    const named = lists.get(name)
    if (named) return named.map(([fetch = '']) => fetch)
    return all[i - 1] === '{' || all[i - 1] === '!{' ? [word] : []
  })
}

interface Term {
  readonly isNegated: boolean
  /** An expression between braces, or one name. */
  readonly expression?: readonly string[]
  readonly name?: string
}

/** Alternatives of terms that must all hold. */
function alternativesOf(words: readonly string[]): readonly (readonly Term[])[] {
  const alternatives: Term[][] = [[]]
  let isNegated = false
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const bare = word.replace(/^!+/, '')
    if ((word.length - bare.length) % 2 === 1) isNegated = !isNegated
    if (bare === '') continue
    if (bare === 'or' || bare === '||') alternatives.push([])
    else if (bare === '{') {
      const close = words.indexOf('}', i)
      const end = close === -1 ? words.length : close
      alternatives.at(-1)?.push({ isNegated, expression: words.slice(i + 1, end) })
      i = end
    } else alternatives.at(-1)?.push({ isNegated, name: bare })
    isNegated = false
  }
  return alternatives
}

function termHolds({ isNegated, expression, name = '' }: Term, caller: Caller, lists: Lists): boolean | undefined {
  const value = expression
    ? expressionHolds(expression, caller)
    : name === 'TRUE'
      ? true
      : name === 'FALSE'
        ? false
        : either((lists.get(name) ?? [[]]).map((one) => expressionHolds(one, caller)))
  return isNegated ? negate(value) : value
}

function expressionHolds(words: readonly string[], caller: Caller): boolean | undefined {
  const [fetch = '', ...values] = words
  const isShown = caller === 'bad' || caller === 'good'
  if (fetch === 'always_true') return true
  if (fetch === 'always_false') return false
  if (fetch === 'ssl_fc') return numberHolds(caller === 'plain' ? 0 : 1, values)
  // ssl_c_used says whether the session knows a certificate: a resumed one does, too.
  if (fetch === 'ssl_fc_has_crt' || fetch === 'ssl_c_used') return numberHolds(isShown ? 1 : 0, values)
  // Zero is also what it is when no certificate was shown: measured on 2.6.
  if (fetch === 'ssl_c_verify' || fetch === 'ssl_c_err' || fetch === 'ssl_c_ca_err')
    return caller === 'bad' ? negate(numberHolds(0, values)) : numberHolds(0, values)
  if (/^ssl_c_(?:sha1|der)\b/.test(fetch)) return caller === 'good' ? undefined : false
  // Whoever makes a certificate puts the name into it that is asked for.
  if (/^ssl_c_/.test(fetch)) return isShown ? (caller === 'bad' ? true : undefined) : false
  return undefined
}

function numberHolds(number: number, values: readonly string[]): boolean | undefined {
  const [first, second] = values.filter((value) => value !== '-m' && value !== 'int' && value !== 'bool')
  if (first === undefined) return number !== 0
  if (first === 'found') return true
  const wanted = Number(second ?? (first === 'true' ? 1 : first === 'false' ? 0 : first))
  if (!Number.isInteger(wanted)) return undefined
  if (second === undefined || first === 'eq')
    return values.some((value) => Number(value) === number) || number === wanted
  if (first === 'ne') return number !== wanted
  if (first === 'gt') return number > wanted
  if (first === 'ge') return number >= wanted
  if (first === 'lt') return number < wanted
  return first === 'le' ? number <= wanted : number === Number(first) || number === wanted
}

function negate(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value
}

function both(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(false)) return false
  return values.includes(undefined) ? undefined : true
}

function either(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(true)) return true
  return values.includes(undefined) ? undefined : false
}
