import { unquoted } from './dockerfile.ts'

/** `NAME=value` lines, with or without `export` and quotes; everything else is passed over. */
export function readEnvironmentFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  for (const [, name, value] of text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w{0,100})[ \t]*=[ \t]*([^\n]*)$/gm)) {
    const written = (value ?? '').trim()
    const isQuoted = /^["']/.test(written)
    if (name !== undefined) variables.set(name, isQuoted ? unquoted(written) : written.replace(/\s+#.*$/, ''))
  }
  return variables
}
