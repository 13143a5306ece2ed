import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ProgramNode } from '@ruby/prism/src/nodes.js'
import { parsePrism } from '@ruby/prism/src/parsePrism.js'
import type { ParseProblem } from '../../language.ts'

/** What is used of the global; TypeScript declares it only together with the whole browser. */
interface WebAssemblyGlobal {
  readonly Module: (new (
    bytes: Uint8Array,
  ) => object) & { imports(module: object): readonly { readonly name: string }[] }
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
  readonly RuntimeError: new () => Error
}

const { Module, Instance, RuntimeError } = (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly

/** The tree of one file, and what could not be understood in it. */
export interface RubyTree {
  readonly program?: ProgramNode
  /** From the tree's offsets (UTF-8 bytes) to offsets in the text (UTF-16). */
  readonly toOffset: (bytes: number) => number
  readonly problems: readonly ParseProblem[]
}

/**
 * Ruby's own parser, as WebAssembly. The module gets no system calls: every one is answered with "not supported", so
 * that no file, clock or variable is in its reach.
 */
export function openParser(): (text: string) => RubyTree {
  const module = new Module(readFileSync(fileURLToPath(import.meta.resolve('@ruby/prism/src/prism.wasm'))))
  let exports = instantiate(module)
  return (text) => {
    const toOffset = offsetsOf(text)
    try {
      // The text is UTF-8 by now, whatever a magic comment says.
      const { value, errors } = parsePrism(exports, text, { encoding: false })
      const problems = errors.map(({ message, location }) => ({ start: toOffset(location.startOffset), message }))
      return { program: value, toOffset, problems }
    } catch (error) {
      // The parser's stack is small, and an instance that has trapped is not to be used again.
      exports = instantiate(module)
      const deep = error instanceof RuntimeError || error instanceof RangeError
      return { toOffset, problems: [{ start: 0, message: deep ? 'nested too deeply' : 'the parser failed' }] }
    }
  }
}

const notSupported = 52

function instantiate(module: object) {
  const calls = Module.imports(module).map(({ name }) => [name, () => notSupported] as const)
  const { exports } = new Instance(module, { wasi_snapshot_preview1: Object.fromEntries(calls) })
  if (typeof exports._initialize === 'function') exports._initialize()
  return exports
}

/** UTF-8 offsets to UTF-16 offsets: the same in ASCII text, from a table in any other. */
function offsetsOf(text: string): (bytes: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  if (/^[\u0000-\u007f]*$/.test(text)) return (bytes) => bytes
  let table: Uint32Array | undefined
  return (bytes) => {
    table ??= offsetTable(text)
    return table[Math.min(bytes, table.length - 1)] ?? text.length
  }
}

function offsetTable(text: string): Uint32Array {
  const table = new Uint32Array(Buffer.byteLength(text) + 1)
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
