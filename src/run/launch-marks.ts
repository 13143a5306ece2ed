/**
 * A mark in the place of a key that another variable quotes (a URL with credentials, say): the launcher writes it, the
 * gateway puts the phantom there. A control character cannot stand in a variable that a person wrote.
 */
export function markOf(keyName: string): string {
  return `\u0001${keyName}\u0001`
}

/** `keys`: name → value. */
export function withMarks(text: string, keys: ReadonlyMap<string, string>): string {
  let marked = text
  for (const [name, value] of keys) marked = marked.replaceAll(value, markOf(name))
  return marked
}
