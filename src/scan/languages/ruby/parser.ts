import { limits } from '../../../limits.ts'
import type { ParseProblem } from '../../language.ts'
import { fields, types, version } from './nodes/index.ts'
import { loadPrism, type PrismExports } from './prism-module.ts'
import type { RubyTree } from './ruby-tree.ts'
import type { Origin } from './templates/template-writer.ts'

/** The tree of one text, and what could not be understood in it. */
export interface ParsedRuby {
  /** Absent where nothing could be understood. */
  readonly tree?: RubyTree
  readonly problems: readonly ParseProblem[]
}

/**
 * Parses one text after another (`origin` tells where the text of a template comes from); the tree of one is gone when the next is parsed. It is read in the parser's own
 * memory, and not from its serialised form: to write that takes two thirds of the time that parsing takes, and a stack
 * as deep as the tree.
 */
export function openParser(): (text: string, origin?: Origin) => ParsedRuby {
  const instantiate = loadPrism()
  let arena = newArena(instantiate())
  return (text, origin) => {
    // Memory grows and never shrinks.
    if (arena.exports.memory.buffer.byteLength > memoryBytesMax) arena = newArena(instantiate())
    const chain = longChain(text)
    if (chain !== undefined)
      return {
        problems: [
          { start: origin ? origin.start(chain) : chain, message: `more than ${limits.rubyChainMax} tests in a row` },
        ],
      }
    try {
      return parseIn(arena, text, origin)
    } catch (error) {
      // An instance that has trapped is not to be used again.
      arena = newArena(instantiate())
      return { problems: [{ start: 0, message: isTooDeep(error) ? 'nested too deeply' : 'the parser failed' }] }
    }
  }
}

const memoryBytesMax = 67_108_864

const chainWord = /\n|&&(?!=)|\|\|(?!=)|\b(?:and|or)\b/g

/**
 * Where a chain of `a && b || c` begins to be too long: at each of its parts the parser goes through all of it again,
 * an hour in two megabytes. Seen from the bytes alone: so many such words without a line that has none.
 */
function longChain(text: string): number | undefined {
  if (text.length < 2 * limits.rubyChainMax) return undefined
  let inChain = 0
  let inLine = 0
  for (const { 0: word, index } of text.matchAll(chainWord)) {
    if (word !== '\n') inLine++
    else {
      inChain = inLine === 0 ? 0 : inChain + inLine
      inLine = 0
    }
    if (inChain + inLine > limits.rubyChainMax) return index
  }
  return undefined
}

/** The engine's stack has ended. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError
}

/**
 * The parser with a heap that is emptied at once: what a text took is not given back piece by piece, but the allocator's
 * own state, and the head of its one free block, are put back to what they were.
 */
interface Arena {
  readonly exports: PrismExports
  empty(): void
}

const arenaBytes = 16_777_216
const blockHeadBytes = 64

function newArena(exports: PrismExports): Arena {
  const block = exports.malloc(arenaBytes)
  exports.free(block)
  const memory = () => new Uint8Array(exports.memory.buffer)
  const state = memory().slice(0, exports.__heap_end.value)
  const head = memory().slice(block - blockHeadBytes, block + blockHeadBytes)
  return {
    exports,
    empty() {
      memory().set(state)
      memory().set(head, block - blockHeadBytes)
    },
  }
}

/** Larger than the structs are. */
const parserBytes = 8_192
const optionsBytes = 1_024

function parseIn(arena: Arena, text: string, origin: Origin | undefined): ParsedRuby {
  arena.empty()
  const { exports } = arena
  const sourceBytesMax = text.length * 3 + 1
  const source = exports.malloc(sourceBytesMax)
  const { written } = encoder.encodeInto(text, new Uint8Array(exports.memory.buffer, source, sourceBytesMax))
  const options = exports.calloc(1, optionsBytes)
  const packed = exports.calloc(1, packedOptions.length)
  new Uint8Array(exports.memory.buffer).set(packedOptions, packed)
  exports.pm_options_read(options, packed)
  const parser = exports.calloc(1, parserBytes)
  exports.pm_parser_init(parser, source, written, options)
  const root = exports.pm_parse(parser)
  const { names, errors } = readRest(exports, parser, source)
  const memory = Buffer.from(exports.memory.buffer)
  const words = new Int32Array(exports.memory.buffer)
  const isAscii = written === text.length
  const inText = isAscii ? (address: number) => address - source : offsetsOf(text, source, written)
  const toOffset = origin ? (address: number) => origin.start(inText(address)) : inText
  const cut = (from: number, to: number) =>
    isAscii && from >= source && to <= source + written
      ? text.slice(from - source, to - source)
      : memory.toString('utf8', from, to)
  const known: string[] = ['']
  const tree: RubyTree = {
    words,
    root: root >> 2,
    names: names.length >> 1,
    name(number) {
      const start = names[(number - 1) * 2] ?? 0
      const name = known[number] ?? cut(start, start + (names[(number - 1) * 2 + 1] ?? 0))
      known[number] = name
      return name
    },
    text(word) {
      const start = words[word] ?? 0
      return cut(start, start + (words[word + 1] ?? 0))
    },
    toOffset,
    toEnd: origin ? (address) => origin.end(inText(address)) : inText,
  }
  return { tree, problems: errors.map(({ start, message }) => ({ start: toOffset(source + start), message })) }
}

const encoder = new TextEncoder()

/**
 * The parser's options in its own form: no path, line 1, no encoding named, and that one kept (the text is UTF-8 by
 * now, whatever a magic comment says), a part of a script (a template may `yield`), no variables around it.
 */
const packedOptions = Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0])

/** Names and errors, from the serialised form: of an empty node, which takes no time. */
function readRest(exports: PrismExports, parser: number, source: number) {
  const node = exports.calloc(1, (fields.Statements.body + 3) * 4)
  new Int32Array(exports.memory.buffer).set([types.Statements, 0, source, source], node >> 2)
  const buffer = exports.calloc(exports.pm_buffer_sizeof(), 1)
  exports.pm_buffer_init(buffer)
  exports.pm_serialize(parser, node, buffer)
  return readSerialized(Buffer.from(exports.memory.buffer), exports.pm_buffer_value(buffer), source)
}

const signature = [...Buffer.from('PRISM'), ...version, 0]
/** Set in the place of a name that does not stand in the source. */
const ownedFlag = 0x8000_0000

/** Up to the tree and behind it, as prism's docs/serialization.md has it. */
function readSerialized(memory: Buffer, start: number, source: number) {
  if (signature.some((byte, index) => memory[start + index] !== byte))
    throw new Error('the parser is of another version than the table of its nodes')
  let at = start + signature.length
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = memory[at++] ?? 0
      value += (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const skip = (numbers: number) => {
    for (let left = numbers; left > 0; left--) number()
  }
  const text = () => {
    const length = number()
    at += length
    return memory.toString('utf8', at - length, at)
  }
  text() // The encoding.
  number() // The first line.
  skip(number()) // Where lines begin.
  skip(number() * 3) // Comments.
  skip(number() * 4) // Magic comments.
  if (memory[at++] !== 0) skip(2) // Where `__END__` is.
  const errors: { readonly start: number; readonly message: string }[] = []
  for (let left = number(); left > 0; left--) {
    number()
    const length = number()
    at += length
    // A text that is no Ruby has as many mistakes as characters.
    if (errors.length < limits.rubyProblemsMax)
      errors.push({ message: memory.toString('utf8', at - length, at), start: number() })
    else number()
    number()
    at++
  }
  for (let left = number(); left > 0; left--) {
    number()
    text()
    number()
    number()
    at++
  }
  const pool = start + memory.readUInt32LE(at)
  at += 4
  const names = new Uint32Array(number() * 2)
  for (let index = 0; index < names.length; index += 2) {
    const place = memory.readUInt32LE(pool + index * 4)
    names[index] = place >= ownedFlag ? start + place - ownedFlag : source + place
    names[index + 1] = memory.readUInt32LE(pool + index * 4 + 4)
  }
  return { names, errors }
}

/** Addresses of UTF-8 to UTF-16 offsets, from a table that is made when somebody asks. */
function offsetsOf(text: string, source: number, bytes: number): (address: number) => number {
  let table: Uint32Array | undefined
  return (address) => {
    table ??= offsetTable(text, bytes)
    return table[Math.max(0, Math.min(address - source, bytes))] ?? text.length
  }
}

function offsetTable(text: string, bytes: number): Uint32Array {
  const table = new Uint32Array(bytes + 1)
  let at = 0
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    table.fill(i, at, at + length)
    at += length
    i += code > 0xffff ? 2 : 1
  }
  table[at] = text.length
  return table
}
