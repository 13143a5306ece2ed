/** A part of a template: text as it is, or a placeholder, its words split at the colons. */
export type TemplatePart = string | readonly string[]

/**
 * Splits `{time}\n{body:sha256:hex}` into its parts. `\n`, `\r`, `\t`, `\\`, `\{` and `\}` are what they are elsewhere.
 * The problem is a half sentence that begins with a verb.
 */
export function parseTemplate(text: string): readonly TemplatePart[] | { readonly problem: string } {
  const parts: TemplatePart[] = []
  let plain = ''
  for (const [token] of text.matchAll(/\\.|\{[^{}\\]*\}|./gs)) {
    if (token.length === 1 && /[\\{}]/.test(token))
      return { problem: `has a ${token} that opens or closes nothing; write it as \\${token}` }
    if (token.startsWith('{')) {
      if (plain !== '') parts.push(plain)
      plain = ''
      parts.push(token.slice(1, -1).split(':'))
    } else if (token.length > 1) {
      const character = escapes[token.charAt(1)]
      if (character === undefined) return { problem: `has ${token}, which means nothing` }
      plain += character
    } else plain += token
  }
  if (plain !== '') parts.push(plain)
  return parts
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '{': '{', '}': '}' }
