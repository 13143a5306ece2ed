import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import {
  createHpackDecoder,
  type HpackDecoder,
  putIndexed,
  putNameIndex,
  putNoTable,
  putStringLength,
} from './hpack.ts'
import { staticEntries } from './static-table.ts'

/** What the decoder says of a block: its fields, or the problem. */
function decode(decoder: HpackDecoder, block: Uint8Array): string | [string, string][] {
  const decoded = decoder.decode(block, 0, block.length)
  if (typeof decoded === 'string') return decoded
  if (decoded.isTooLarge) return 'too large'
  const { bytes, places } = decoded
  return Array.from({ length: decoded.count }, (_, index) => [
    bytes.toString('latin1', places[index * 4], places[index * 4 + 1]),
    bytes.toString('latin1', places[index * 4 + 2], places[index * 4 + 3]),
  ])
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const request = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'www.example.com'],
]
const secondRequest = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/index.html'],
  [':authority', 'www.example.com'],
  ['custom-key', 'custom-value'],
]
const answer = (status: string, second: string) => [
  [':status', status],
  ['cache-control', 'private'],
  ['date', `Mon, 21 Oct 2013 20:13:${second} GMT`],
  ['location', 'https://www.example.com'],
]
const lastAnswer = [
  ...answer('200', '22'),
  ['content-encoding', 'gzip'],
  ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
]
/** RFC 7541 C.5 and C.6 have a table of 256 bytes, which makes them evict. */
const tableOf256 = '3f e1 01'

describe('the examples of RFC 7541, Appendix C', () => {
  it.each([
    [
      'C.2.1',
      ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572'],
      [[['custom-key', 'custom-header']]],
    ],
    ['C.2.2', ['040c 2f73 616d 706c 652f 7061 7468'], [[[':path', '/sample/path']]]],
    ['C.2.3', ['1008 7061 7373 776f 7264 0673 6563 7265 74'], [[['password', 'secret']]]],
    ['C.2.4', ['82'], [[[':method', 'GET']]]],
    [
      'C.3',
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
      [request, [...request, ['cache-control', 'no-cache']], secondRequest],
    ],
    [
      'C.4',
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
      [request, [...request, ['cache-control', 'no-cache']], secondRequest],
    ],
    [
      'C.5',
      [
        `${tableOf256} 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
        '4803 3330 37c1 c0bf',
        '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
      ],
      [answer('302', '21'), answer('307', '21'), lastAnswer],
    ],
    [
      'C.6',
      [
        `${tableOf256} 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        '4883 640e ffc1 c0bf',
        '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
      ],
      [answer('302', '21'), answer('307', '21'), lastAnswer],
    ],
  ])('%s is read as it says', (_name, blocks, expected) => {
    const decoder = createHpackDecoder()
    expect(blocks.map((block) => decode(decoder, hex(block)))).toEqual(expected)
  })
})

describe('a field block', () => {
  it.each([
    ['index 0', '80'],
    ['an index without an entry', 'be'],
    ['an index that does not end', 'ff ffff ffff ffff'],
    ['an index that is cut short', 'ff'],
    ['a name that is cut short', '400a 6375'],
    ['no value', '4001 61'],
    ['a Huffman code with EOS in it', '4001 61 84 ffff fffc'],
    ['Huffman padding of eight bits', '4001 61 82 1fff'],
    ['Huffman padding with a zero', '4001 61 81 18'],
    ['a table larger than allowed', '3f e2 1f'],
    ['a table size behind a field', '82 20'],
  ])('with %s is malformed', (_name, block) => {
    expect(decode(createHpackDecoder(), hex(block))).toBeTypeOf('string')
  })

  it('may not ask for a table when none is allowed any more', () => {
    const decoder = createHpackDecoder()
    decoder.limitTable(0)
    expect(decode(decoder, hex('20 82'))).toEqual([[':method', 'GET']])
    expect(decode(decoder, hex('21 82'))).toBeTypeOf('string')
  })

  it('that grows past the limit out of a few bytes is not kept', () => {
    const decoder = createHpackDecoder()
    const value = Buffer.alloc(4_000, 'v')
    const header = Buffer.alloc(8)
    const at = putStringLength(header, 1, value.length)
    const entry = Buffer.concat([hex('4001 61'), header.subarray(1, at), value])
    expect(decode(decoder, entry)).toEqual([['a', value.toString()]])
    expect(decode(decoder, Buffer.alloc(10_000, 0xbe))).toBe('too large')
    expect(decode(decoder, hex('be'))).toEqual([['a', value.toString()]])
  })

  it('that is too large leaves the table as its sender has it, whichever field was the one too many', () => {
    const literal = (first: number, name: string, value: Buffer) => {
      const into = Buffer.alloc(value.length + 100)
      into[0] = first
      let at = putStringLength(into, 1, name.length)
      at += into.write(name, at, 'latin1')
      at = putStringLength(into, at, value.length)
      return Buffer.concat([into.subarray(0, at), value])
    }
    const decoder = createHpackDecoder()
    const filler = literal(0, 'f', Buffer.alloc(limits.headBytesMax - 1_000, 'f'))
    expect(decode(decoder, Buffer.concat([filler, literal(0x40, 'kept', Buffer.alloc(2_000, 'k'))]))).toBe('too large')
    expect(decode(decoder, hex('be'))).toEqual([['kept', 'k'.repeat(2_000)]])
    // Larger than the table: it empties it (RFC 7541 §4.4).
    decode(decoder, literal(0x40, 'large', Buffer.alloc(5_000, 'l')))
    expect(decode(decoder, hex('be'))).toBeTypeOf('string')
    // The same where it is larger than all that we hold: 72,000 zeros of five bits each.
    const zeros = literal(0x40, 'x', Buffer.alloc(45_000))
    zeros[3] = (zeros[3] as number) | 0x80
    const other = createHpackDecoder()
    decode(other, hex('4001 6101 62'))
    expect(decode(other, zeros)).toBe('too large')
    expect(decode(other, hex('be'))).toBeTypeOf('string')
  })

  it('finds no entry that newer ones have pushed out, and the others at any age', () => {
    const decoder = createHpackDecoder()
    const entry = (number: number) => Buffer.concat([hex('4001 61'), Buffer.from([100]), Buffer.alloc(100, number)])
    for (let number = 33; number < 120; number++) decode(decoder, entry(number))
    // 4,096 bytes hold 30 entries of 1 + 100 + 32.
    for (let age = 0; age < 30; age++)
      expect(decode(decoder, Buffer.from([0x80 | (62 + age)]))).toEqual([
        ['a', String.fromCharCode(119 - age).repeat(100)],
      ])
    expect(decode(decoder, Buffer.from([0x80 | 92]))).toBeTypeOf('string')
  })

  it('with more fields than a head may have is not kept, and leaves the table right', () => {
    const decoder = createHpackDecoder()
    const block = Buffer.concat([Buffer.alloc(limits.fieldsMax + 5, 0x82), hex('4001 6101 62')])
    expect(decode(decoder, block)).toBe('too large')
    expect(decode(decoder, hex('be'))).toEqual([['a', 'b']])
  })

  it('never throws and never leaves its bounds, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (blocks) => {
        const decoder = createHpackDecoder()
        for (const block of blocks) if (typeof decode(decoder, block) === 'string') break
      }),
      { numRuns: 2_000 },
    )
  })
})

it('what is written as a literal or an index is read as it was', () => {
  const name = fc.constantFrom('x-a', 'authorization', 'content-type', 'x-long-name'.repeat(20))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, fc.string({ unit: 'binary-ascii', maxLength: 600 })), { maxLength: 9 }),
      (fields) => {
        const into = Buffer.alloc(16_384)
        let at = putIndexed(into, putNoTable(into, 0), 2)
        for (const [field, value] of fields) {
          const index = staticEntries.findIndex((entry) => entry.name.toString() === field) + 1
          at = putNameIndex(into, at, index)
          if (index === 0) {
            at = putStringLength(into, at, field.length)
            at += into.write(field, at, 'latin1')
          }
          at = putStringLength(into, at, value.length)
          at += into.write(value, at, 'latin1')
        }
        expect(decode(createHpackDecoder(), into.subarray(0, at))).toEqual([[':method', 'GET'], ...fields])
      },
    ),
  )
})
