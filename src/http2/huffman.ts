/** Code lengths of RFC 7541 Appendix B by symbol, 256 being EOS. The code is canonical: lengths are all there is to know. */
const lengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
]
const endOfString = 256

const emits = 0x100_0000
/** By node of the code's tree and half byte: the next node, and a symbol above bit 16 where one ends; -1 for none. */
const steps = new Int32Array(256 * 16)
/** Nodes at which a string may end: at most seven bits of padding, all ones (RFC 7541 §5.2). */
const mayEnd = new Uint8Array(256)
build()

/**
 * Decodes `from[start…end)` into `into` at `at` and returns the end; -1 where the code is malformed, -2 where the text
 * would go past `limit`.
 */
export function decodeHuffman(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
  limit: number,
): number {
  let node = 0
  let to = at
  for (let i = start; i < end; i++) {
    const byte = from[i] as number
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = steps[(node << 4) | ((byte >> shift) & 15)] as number
      if (step < 0) return -1
      node = step & 0xffff
      if (step < emits) continue
      if (to === limit) return -2
      into[to++] = (step >> 16) & 0xff
    }
  }
  return mayEnd[node] ? to : -1
}

function build(): void {
  const children: number[] = [0, 0]
  const addNode = (): number => children.push(0, 0) / 2 - 1
  const order = lengths.map((_, symbol) => symbol).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b)
  let code = 0
  let before = 0
  for (const symbol of order) {
    const length = lengthOf(symbol)
    code *= 2 ** (length - before)
    before = length
    let node = 0
    for (let bit = length - 1; bit > 0; bit--) {
      const place = node * 2 + ((code >> bit) & 1)
      children[place] ||= addNode()
      node = children[place] as number
    }
    // Leaves are negative; no inner node is 0 but the root, which nothing leads to.
    children[node * 2 + (code & 1)] = -1 - symbol
    code++
  }
  for (let node = 0; node < 256; node++) {
    for (let half = 0; half < 16; half++) steps[(node << 4) | half] = stepFrom(children, node, half)
  }
  let node = 0
  for (let ones = 0; ones < 8; ones++) {
    mayEnd[node] = 1
    node = children[node * 2 + 1] as number
  }
}

/** Four bits from `node`: at most one symbol ends in them, the shortest code having five. */
function stepFrom(children: readonly number[], from: number, half: number): number {
  let node = from
  let symbol = -1
  for (let bit = 3; bit >= 0; bit--) {
    const next = children[node * 2 + ((half >> bit) & 1)] as number
    if (next === -1 - endOfString) return -1
    if (next < 0) symbol = -1 - next
    node = Math.max(0, next)
  }
  return symbol < 0 ? node : emits | (symbol << 16) | node
}

function lengthOf(symbol: number): number {
  return lengths[symbol] as number
}
