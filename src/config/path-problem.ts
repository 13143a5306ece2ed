/** What is wrong with a path pattern as it is written, or undefined. */
export function pathProblem(text: string): string | undefined {
  if (!text.startsWith('/')) return 'does not begin with `/`; write the path from its root, such as /v1/charges/**'
  if (!/^[\x21-\x7e]+$/.test(text)) return 'holds a space or a character outside ASCII; write it percent-encoded'
  if (/[?#\\]/.test(text)) return 'holds `?`, `#` or `\\`; a path pattern says nothing of the query'
  if (text.includes('//') || /\/\.{1,2}(?:\/|$)/.test(text))
    return 'holds an empty segment or a dot segment, which is never passed on; write the path without'
  return undefined
}
