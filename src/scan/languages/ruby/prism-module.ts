import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What is used of the global; TypeScript declares it only together with the whole browser. */
interface WebAssemblyGlobal {
  readonly Module: (new (
    bytes: Uint8Array,
  ) => object) & { imports(module: object): readonly { readonly name: string }[] }
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly

/** What is called of the parser; addresses and sizes in bytes. */
export interface PrismExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly __heap_base: { readonly value: number }
  readonly __heap_end: { readonly value: number }
  readonly __stack_high: { readonly value: number }
  _initialize?(): void
  malloc(size: number): number
  calloc(count: number, size: number): number
  free(address: number): void
  pm_options_read(options: number, packed: number): void
  pm_parser_init(parser: number, source: number, size: number, options: number): void
  pm_parse(parser: number): number
  pm_buffer_sizeof(): number
  pm_buffer_init(buffer: number): number
  pm_buffer_value(buffer: number): number
  pm_buffer_length(buffer: number): number
  pm_serialize(parser: number, node: number, buffer: number): void
}

const pageBytes = 65_536
/**
 * The parser's own stack, in its memory. The package gives it 64 KiB, below which its tables stand: 200 nested hashes
 * overwrote them. With this much, the engine's stack always ends first, and that raises RangeError.
 */
const stackBytes = 16_777_216

/**
 * Ruby's own parser, as WebAssembly. The module gets no system calls: every one is answered with "not supported", so
 * that no file, clock or variable is in its reach.
 */
export function loadPrism(): () => PrismExports {
  const packaged = readFileSync(fileURLToPath(import.meta.resolve('@ruby/prism/src/prism.wasm')))
  const stack = stackPointer(packaged)
  const module = new Module(stack ? withStackAt(packaged, stack, stack.memoryEnd + stackBytes) : packaged)
  const calls = Object.fromEntries(Module.imports(module).map(({ name }) => [name, () => notSupported] as const))
  return () => {
    const exports = new Instance(module, { wasi_snapshot_preview1: calls }).exports as PrismExports
    // The heap goes on behind the stack: it asks for where the memory ends.
    if (stack) exports.memory.grow(stackBytes / pageBytes)
    exports._initialize?.()
    return exports
  }
}

const notSupported = 52

interface StackPointer {
  /** The section of globals, from its number to its end. */
  readonly section: readonly [number, number]
  /** What is in the section, and in it the number at which the pointer begins. */
  readonly content: readonly [number, number]
  readonly value: readonly [number, number]
  readonly memoryEnd: number
}

const sections = { memory: 5, global: 6 }
/** `i32`, mutable, `i32.const`: how a linker writes the stack's pointer, the first of the globals. */
const pointerHead = [0x7f, 0x01, 0x41]

/** Where the stack's pointer stands in a module; undefined where a module is built in another way. */
function stackPointer(module: Uint8Array): StackPointer | undefined {
  let memoryEnd: number | undefined
  for (let at = 8; at < module.length; ) {
    const start = at
    const section = module[at]
    const size = readNumber(module, at + 1)
    const from = size.next
    const end = from + size.value
    const count = readNumber(module, from)
    if (section === sections.memory) memoryEnd = readNumber(module, count.next + 1).value * pageBytes
    if (section === sections.global && memoryEnd !== undefined) {
      const at = count.next + pointerHead.length
      if (!pointerHead.every((byte, index) => module[count.next + index] === byte)) return undefined
      return { section: [start, end], content: [from, end], value: [at, readNumber(module, at).next], memoryEnd }
    }
    at = end
  }
  return undefined
}

function withStackAt(module: Uint8Array, { section, content, value }: StackPointer, address: number): Uint8Array {
  const globals = [
    ...module.subarray(content[0], value[0]),
    ...signedNumber(address),
    ...module.subarray(value[1], content[1]),
  ]
  return Buffer.concat([
    module.subarray(0, section[0]),
    Uint8Array.from([sections.global, ...unsignedNumber(globals.length), ...globals]),
    module.subarray(section[1]),
  ])
}

/** WebAssembly's numbers: LEB128. */
function readNumber(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0
  for (let at = from, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] ?? 0
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, next: at + 1 }
  }
}

function unsignedNumber(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedNumber(value >>> 7)]
}

/** The sixth bit of the last byte is the sign. */
function signedNumber(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedNumber(value >> 7)]
}
