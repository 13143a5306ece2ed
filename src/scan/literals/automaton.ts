/** Finds many words in one pass over bytes (Aho and Corasick, 1975). ASCII letters of either case are the same to it. */
export interface Automaton {
  /** Class of each byte; 0 for bytes that are in no word. */
  readonly classOf: Uint8Array
  /** State times `width` plus class gives the next state, which is itself already times `width`. */
  readonly next: Int32Array
  readonly width: number
  /** States from here on end one word or more. */
  readonly firstHit: number
  /** Words that end in a hit state, longest first: from `hitStarts[i]` to `hitStarts[i + 1]` in `hits`. */
  readonly hitStarts: Int32Array
  readonly hits: Int32Array
}

/** Words are ASCII, not empty; a word's number is its place in the list. */
export function buildAutomaton(words: readonly string[]): Automaton {
  const { classOf, width } = classesOf(words)
  const trie = buildTrie(words, classOf, width)
  const { order, outputs } = linkFailures(trie, width)
  return renumber(trie, width, order, outputs, classOf)
}

/** What an automaton found: the word's number, and the offset behind its last byte. */
export type Visit = (word: number, end: number) => void

/** Visits every word between `from` and `to`, by where they end; of those that end together the longest first. */
export function visitWords(automaton: Automaton, bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  const { classOf, next, width, firstHit, hitStarts, hits } = automaton
  let state = 0
  for (let at = from; at < to; at++) {
    state = next[state + (classOf[bytes[at] as number] as number)] as number
    if (state < firstHit) continue
    const hit = (state - firstHit) / width
    const end = hitStarts[hit + 1] as number
    for (let i = hitStarts[hit] as number; i < end; i++) visit(hits[i] as number, at + 1)
  }
}

function classesOf(words: readonly string[]): { classOf: Uint8Array; width: number } {
  const classOf = new Uint8Array(256)
  let width = 1
  for (const word of words) {
    for (let i = 0; i < word.length; i++) {
      const byte = lower(word.charCodeAt(i))
      if (classOf[byte] === 0) classOf[byte] = width++
    }
  }
  for (let byte = 0x41; byte <= 0x5a; byte++) classOf[byte] = classOf[byte + 0x20] as number
  return { classOf, width }
}

interface Trie {
  readonly next: Int32Array
  readonly size: number
  /** Words that end at a node. */
  readonly ends: readonly (readonly number[] | undefined)[]
}

function buildTrie(words: readonly string[], classOf: Uint8Array, width: number): Trie {
  const sizeMax = words.reduce((sum, word) => sum + word.length, 1)
  const next = new Int32Array(sizeMax * width)
  const ends: (number[] | undefined)[] = [undefined]
  let size = 1
  for (const [number, word] of words.entries()) {
    let node = 0
    for (let i = 0; i < word.length; i++) {
      const slot = node * width + (classOf[lower(word.charCodeAt(i))] as number)
      if (next[slot] === 0) {
        next[slot] = size++
        ends.push(undefined)
      }
      node = next[slot] as number
    }
    const known = ends[node]
    if (known) known.push(number)
    else ends[node] = [number]
  }
  return { next, size, ends }
}

/** Completes the trie's transitions in place, breadth first, and collects the words of each node's suffixes. */
function linkFailures({ next, size, ends }: Trie, width: number) {
  const failure = new Int32Array(size)
  const order = new Int32Array(size)
  const outputs: (readonly number[] | undefined)[] = ends.slice()
  let filled = 1
  for (let taken = 0; taken < filled; taken++) {
    const node = order[taken] as number
    const fallback = failure[node] as number
    for (let symbol = 0; symbol < width; symbol++) {
      const slot = node * width + symbol
      const child = next[slot] as number
      const other = node === 0 ? 0 : (next[fallback * width + symbol] as number)
      if (child === 0) {
        next[slot] = other
        continue
      }
      failure[child] = other
      const inherited = outputs[other]
      if (inherited) outputs[child] = [...(outputs[child] ?? []), ...inherited]
      order[filled++] = child
    }
  }
  return { order, outputs }
}

/** Hit states last, so that one comparison tells whether anything ended. */
function renumber(
  trie: Trie,
  width: number,
  order: Int32Array,
  outputs: readonly (readonly number[] | undefined)[],
  classOf: Uint8Array,
): Automaton {
  const { size } = trie
  const plain = order.filter((node) => !outputs[node])
  const hitting = order.filter((node) => outputs[node])
  const numbers = new Int32Array(size)
  for (let index = 0; index < plain.length; index++) numbers[plain[index] as number] = index * width
  for (let index = 0; index < hitting.length; index++)
    numbers[hitting[index] as number] = (plain.length + index) * width
  const next = new Int32Array(size * width)
  for (let node = 0; node < size; node++) {
    const row = numbers[node] as number
    for (let symbol = 0; symbol < width; symbol++)
      next[row + symbol] = numbers[trie.next[node * width + symbol] as number] as number
  }
  const hitStarts = new Int32Array(hitting.length + 1)
  const hits: number[] = []
  for (const [index, node] of hitting.entries()) {
    hits.push(...(outputs[node] ?? []))
    hitStarts[index + 1] = hits.length
  }
  return { classOf, next, width, firstHit: plain.length * width, hitStarts, hits: Int32Array.from(hits) }
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}
