import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanMemory } from '../demo/scan-memory.ts'
import type { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { type ContentCoding, createDecoder, decodeWhole, readContentCodings, type Way } from './codings.ts'
import { canStep } from './decode-steps.ts'

const forms: readonly {
  name: string
  coding: ContentCoding
  encode: (bytes: Uint8Array) => Buffer
  open: () => ReturnType<typeof createGzip>
}[] = [
  { name: 'gzip', coding: 'gzip', encode: (bytes) => gzipSync(bytes), open: () => createGzip({ level: 1 }) },
  { name: 'zlib', coding: 'deflate', encode: (bytes) => deflateSync(bytes), open: () => createDeflate({ level: 1 }) },
  {
    name: 'deflate',
    coding: 'deflate',
    encode: (bytes) => deflateRawSync(bytes),
    open: () => createDeflateRaw({ level: 1 }),
  },
  {
    name: 'br',
    coding: 'br',
    encode: (bytes) => brotliCompressSync(bytes),
    open: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  },
  { name: 'zstd', coding: 'zstd', encode: (bytes) => zstdCompressSync(bytes), open: () => createZstdCompress() },
]

/** Decodes `pieces`, each when the one before was taken. Rejects with what the decoder reports. */
function decoded(codings: readonly ContentCoding[], pieces: readonly Uint8Array[], way?: Way): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const out: Buffer[] = []
  const decoder = createDecoder(
    codings,
    {
      data: (bytes) => out.push(Buffer.from(bytes)),
      done: () => resolve(Buffer.concat(out)),
      failed: reject,
    },
    way,
  )
  const writeFrom = (i: number): void => {
    const piece = pieces[i]
    if (piece) decoder.write(piece, () => writeFrom(i + 1))
    else decoder.end()
  }
  writeFrom(0)
  return promise
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: SallyportError) => error.code,
  )

const codeOfCall = (call: () => unknown): string => {
  try {
    call()
    return 'none'
  } catch (error) {
    return (error as SallyportError).code
  }
}

describe('Content-Encoding', () => {
  it.each([
    ['gzip', ['gzip']],
    [' GZIP ,, br\t', ['gzip', 'br']],
    ['x-gzip', ['gzip']],
    ['identity', []],
    ['', []],
    ['gzip, identity', ['gzip']],
    ['zstd, deflate', ['zstd', 'deflate']],
    ['compress', undefined],
    ['gzip;q=1', undefined],
    ['gzip gzip', undefined],
    ['aws-chunked', undefined],
    ['constructor', undefined],
    [
      Array(limits.contentCodingsMax + 1)
        .fill('gzip')
        .join(),
      undefined,
    ],
  ])('%j', (value, codings) => {
    expect(readContentCodings(value)).toEqual(codings)
  })
})

const ways: readonly Way[] = ['steps', 'streams']
const formsBothWays = ways.flatMap((way) => forms.map((form) => ({ ...form, way })))

it('needs no streams on this Node', () => {
  expect(canStep).toBe(true)
})

describe.each(formsBothWays)('$name in $way', ({ coding, encode, open, way }) => {
  it('is undone, at once and in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 2_000 }),
          fc.string({ maxLength: 50 }).map((text) => Buffer.alloc(5_000, text)),
        ),
        fc.array(fc.nat(), { maxLength: 5 }),
        async (body, cuts) => {
          const bytes = encode(body)
          const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
          const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end))
          expect(await decoded([coding], pieces, way)).toEqual(Buffer.from(body))
          expect(decodeWhole([coding], bytes, 5_000, way)).toEqual(Buffer.from(body))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is undone byte by byte', async () => {
    const body = randomBytes(300)
    expect(
      await decoded(
        [coding],
        [...encode(body)].map((byte) => Uint8Array.of(byte)),
        way,
      ),
    ).toEqual(body)
  })

  it('fails where it is cut short or something follows', async () => {
    const bytes = encode(Buffer.from(randomBytes(500).toString('hex')))
    for (const length of [1, 2, 5, bytes.length >> 1, bytes.length - 1]) {
      const part = bytes.subarray(0, length)
      expect(await codeOf(decoded([coding], [part], way)), `${length}`).toBe('UPSTREAM_MALFORMED')
      expect(
        codeOfCall(() => decodeWhole([coding], part, 10_000, way)),
        `${length}`,
      ).toBe('UPSTREAM_MALFORMED')
    }
    for (const more of [Buffer.alloc(4), Buffer.from('more')]) {
      const long = Buffer.concat([bytes, more])
      expect(await codeOf(decoded([coding], [long], way))).toBe('UPSTREAM_MALFORMED')
      expect(await codeOf(decoded([coding], [bytes, more], way))).toBe('UPSTREAM_MALFORMED')
      expect(codeOfCall(() => decodeWhole([coding], long, 10_000, way))).toBe('UPSTREAM_MALFORMED')
    }
  })

  it('is empty where nothing came', async () => {
    expect(await decoded([coding], [], way)).toEqual(Buffer.alloc(0))
    expect(decodeWhole([coding], Buffer.alloc(0), 10, way)).toEqual(Buffer.alloc(0))
  })

  it('is told to be too long before it is long', () => {
    const bytes = encode(Buffer.alloc(1_001))
    expect(decodeWhole([coding], bytes, 1_000, way)).toBeUndefined()
    expect(decodeWhole([coding], bytes, 1_001, way)).toEqual(Buffer.alloc(1_001))
  })

  it('yields at a flush all that was written', async () => {
    const encoder = open()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const texts = ['data: one\n\n', 'data: two, a little longer\n\n', 'data: three\n\n']
    let seen = ''
    const writeOut = (): void => {
      const piece: Buffer | null = encoder.read()
      if (piece) decoder.write(piece, writeOut)
    }
    const next = (): void => {
      const text = texts.shift()
      if (text === undefined) resolve()
      else encoder.write(text, () => encoder.flush(writeOut))
    }
    let expected = texts[0] as string
    const decoder = createDecoder(
      [coding],
      {
        data(bytes) {
          seen += bytes
          if (seen !== expected) return
          expected += texts[0] ?? ''
          next()
        },
        done: () => reject(new Error('ended')),
        failed: reject,
      },
      way,
    )
    next()
    await promise
    encoder.destroy()
    decoder.destroy()
  })

  it('keeps a bomb small behind a reader that stops at each piece', async () => {
    const size = 256 * 1_048_576
    const bomb = await bombOf(open(), size)
    expect(bomb.length).toBeLessThan(size / 200)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const before = process.memoryUsage().rss
    let length = 0
    let peak = 0
    const decoder = createDecoder(
      [coding],
      {
        data(bytes) {
          length += bytes.length
          decoder.pause()
          if (length % 4_194_304 < bytes.length) peak = Math.max(peak, process.memoryUsage().rss)
          setImmediate(decoder.resume)
        },
        done: resolve,
        failed: reject,
      },
      way,
    )
    decoder.write(bomb, () => decoder.end())
    await promise
    expect(length).toBe(size)
    expect(peak - before).toBeLessThan(64 * 1_048_576)
  }, 60_000)
})

async function bombOf(encoder: ReturnType<typeof createGzip>, size: number): Promise<Buffer> {
  const pieces = encoder.toArray()
  const zeros = Buffer.alloc(1_048_576)
  for (let i = 0; i < size; i += zeros.length) await new Promise((resolve) => encoder.write(zeros, resolve))
  encoder.end()
  return Buffer.concat(await pieces)
}

describe('several codings', () => {
  it('are undone in the opposite order', async () => {
    const body = randomBytes(200_000)
    const bytes = brotliCompressSync(gzipSync(body), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    expect(await decoded(['gzip', 'br'], [bytes])).toEqual(body)
    expect(decodeWhole(['gzip', 'br'], bytes, 300_000)).toEqual(body)
    expect(await codeOf(decoded(['br', 'gzip'], [bytes]))).toBe('UPSTREAM_MALFORMED')
  })

  it('fail when the inner one does', async () => {
    const bytes = gzipSync(gzipSync(randomBytes(500)).subarray(0, -1))
    expect(await codeOf(decoded(['gzip', 'gzip'], [bytes]))).toBe('UPSTREAM_MALFORMED')
    expect(codeOfCall(() => decodeWhole(['gzip', 'gzip'], bytes, 10_000))).toBe('UPSTREAM_MALFORMED')
  })

  it('none is a copy', () => {
    const body = randomBytes(100)
    const copy = decodeWhole([], body, 100)
    expect(copy).toEqual(body)
    expect(copy).not.toBe(body)
    expect(decodeWhole([], body, 99)).toBeUndefined()
  })
})

describe('gzip', () => {
  it('may have several members (RFC 1952 §2.2)', async () => {
    const bytes = Buffer.concat([gzipSync('one '), gzipSync('two')])
    expect((await decoded(['gzip'], [bytes])).toString()).toBe('one two')
    expect(decodeWhole(['gzip'], bytes, 100)?.toString()).toBe('one two')
  })
})

describe('zstd', () => {
  it('with a window beyond the limit is refused', async () => {
    const windowLog = Math.log2(limits.decoderWindowBytesMax) + 1
    for (const [log, code] of [
      [windowLog, 'UPSTREAM_MALFORMED'],
      [windowLog - 1, 'none'],
    ] as const) {
      const encoder = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: log } })
      const all = encoder.toArray()
      // Written out before the end is known: otherwise the window is no larger than what is in it.
      encoder.write(randomBytes(1_000))
      await new Promise<void>((resolve) => encoder.flush(resolve))
      encoder.end()
      const pieces: Buffer[] = await all
      expect(await codeOf(decoded(['zstd'], pieces)), `${log}`).toBe(code)
      expect(
        codeOfCall(() => decodeWhole(['zstd'], Buffer.concat(pieces), 2_000)),
        `${log}`,
      ).toBe(code)
    }
  })
})

it('reads what it was given no more once it says so', async () => {
  const body = randomBytes(100_000)
  const bytes = gzipSync(body)
  const shared = Buffer.alloc(1_000)
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const out: Buffer[] = []
  const decoder = createDecoder(['gzip'], {
    data: (piece) => out.push(Buffer.from(piece)),
    done: () => resolve(Buffer.concat(out)),
    failed: reject,
  })
  const writeFrom = (at: number): void => {
    const length = bytes.copy(shared, 0, at)
    if (length === 0) decoder.end()
    else
      decoder.write(shared.subarray(0, length), () => {
        shared.fill(0)
        writeFrom(at + length)
      })
  }
  writeFrom(0)
  expect(await promise).toEqual(body)
})

describe('in a process of its own', () => {
  const script = `
const [module, coding] = process.argv.slice(1)
const { createDecoder, decodeWhole } = await import(module)
const encoded = Buffer.concat(await process.stdin.toArray())
decodeWhole([coding], encoded, 1_000_000).fill(0)
for (const cut of [encoded.length, 5_000]) await new Promise((done, failed) => {
  const decoder = createDecoder([coding], { data() {}, done, failed })
  decoder.write(encoded.subarray(0, cut), () => decoder.write(encoded.subarray(cut), () => decoder.end()))
})
console.log('decoded')
setInterval(() => {}, 1_000)`

  it.each([
    ['gzip', 'beginning'],
    ['gzip', 'middle'],
    ['gzip', 'end'],
    ['deflate', 'beginning'],
    ['deflate', 'end'],
  ] as const)('keeps nothing of what it decoded in %s, at the %s', async (coding, place) => {
    const secret = randomBytes(24).toString('hex')
    const words = Array.from({ length: 3_000 }, (_, i) => `entry ${i} ${i * 7_919} `)
    words.splice({ beginning: 0, middle: 1_500, end: 3_000 }[place], 0, secret)
    const module = new URL('./codings.ts', import.meta.url).href
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, module, coding], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    try {
      child.stdin.end((coding === 'gzip' ? gzipSync : deflateSync)(words.join('')))
      const [said] = (await once(child.stdout, 'data')) as [Buffer]
      expect(said.toString()).toBe('decoded\n')
      expect(scanMemory(child.pid ?? 0, Buffer.from(secret))).toEqual({})
    } finally {
      child.kill()
    }
  })
})
