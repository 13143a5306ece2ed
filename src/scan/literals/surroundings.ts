import type { Search } from './search.ts'

/** What the lines around a value say about it. */
export interface Surroundings {
  readonly isDevelopment: boolean
  readonly isProduction: boolean
  /** The service that the secret opens runs on the reader's own machine. */
  readonly isOwnMachine: boolean
  /** A host or a user is named beside it. */
  readonly hasHost: boolean
}

/** So much before and behind a value is looked at. */
const before = 1_500
const behind = 300

export function surroundingsOf(search: Search, at: number): Surroundings {
  const text = search.bytes.toString('latin1', Math.max(0, at - before), at)
  const ahead = search.bytes.toString('latin1', at, at + behind)
  const sections = sectionsOf(text, text.length)
  const block = text.slice(lastBreak(text)) + ahead.slice(0, firstBreak(ahead))
  return {
    isDevelopment: sections.some((name) => /^(?:development|dev|test|testing|local|ci|default_test)$/i.test(name)),
    isProduction: sections.some((name) => /^(?:production|prod|live|staging)/i.test(name)),
    isOwnMachine:
      /(?:host(?:name)?|server|url|address|addr)["']?\s{0,4}[:=]\s{0,4}["']?(?:\w+:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|::1|host\.docker\.internal)/i.test(
        block,
      ),
    hasHost:
      /(?:host(?:name)?|server|database|adapter|user(?:_?name|_?id)?|login|dsn|port|address)["']?\s{0,4}[:=]/i.test(
        block,
      ),
  }
}

/** Names of the YAML or INI sections that a value stands in, from its own line upwards to less and less indentation. */
function sectionsOf(text: string, end: number): string[] {
  const lines = text.slice(0, end).split('\n')
  let indent = /^[ \t]*/.exec(lines.pop() ?? '')?.[0].length ?? 0
  const names: string[] = []
  for (let index = lines.length - 1; index >= 0 && names.length < 8; index--) {
    const line = lines[index] ?? ''
    const ini = /^\s*\[([\w.:-]{1,40})\]\s*$/.exec(line)
    if (ini) return [...names, ...(ini[1] ?? '').split(/[.:]/)]
    const yaml = /^([ \t]*)["']?([\w.-]{1,40})["']?\s*(?::|=>|=)?\s*(?:&\w+|[{(]|do)?\s*(?:#.*)?$/.exec(line)
    if (!yaml || line.trim() === '') continue
    const depth = (yaml[1] ?? '').length
    if (depth >= indent) continue
    indent = depth
    names.push(yaml[2] ?? '')
  }
  return names
}

/** A blank line, or the begin of another section, ends what belongs together. */
function lastBreak(text: string): number {
  let last = 0
  for (const { index } of text.matchAll(/\n(?=\r?\n|\[|\w[\w-]{0,40}:\s{0,4}(?:&\w+)?\n)/g)) last = index
  return last
}

function firstBreak(text: string): number {
  const at = text.search(/\n\n|\n\[|\n\w[\w-]{0,40}:\s*\n/)
  return at === -1 ? text.length : at
}
