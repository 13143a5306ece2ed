/**
 * JSON in which whatever a terminal or an editor obeys is escaped: JSON itself lets C1 controls, line separators and
 * marks of direction stand. Ends in a line feed.
 */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  // In a log of GitHub's `##[` would be obeyed; only texts can hold it.
  return `${text.replaceAll('##[', '#\\u0023[')}\n`
}
