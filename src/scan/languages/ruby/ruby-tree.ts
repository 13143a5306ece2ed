/**
 * Ruby's tree where the parser has built it. A node is the index of its first word in `words`, and `fields` of nodes/
 * tells where its fields stand from there; a field that holds a node holds its address in bytes, 0 for none. Good until
 * the next text is parsed.
 */
export interface RubyTree {
  readonly words: Int32Array
  readonly root: number
  /** Number of names. */
  readonly names: number
  /** A name by its number; '' for 0. */
  name(number: number): string
  /** The text of a string field, which begins at this word. */
  text(word: number): string
  /** An address in the source as an offset in the file's text (UTF-16): of what starts, and of what ends there. */
  toOffset(address: number): number
  toEnd(address: number): number
}
