import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SallyportError } from '../errors.ts'
import { randomText } from '../keys/random.ts'
import { limits } from '../limits.ts'
import type { Store } from './store.ts'

/** A store under test, and a way to put things into it behind its back. */
export interface StoreUnderTest {
  readonly store: Store
  /** Makes the store hold exactly these bytes under a reference, or nothing; resolves to the reference. */
  put(number: number, bytes: Uint8Array | undefined): Promise<string>
  close?(): Promise<void>
}

/** What every store promises (store.ts), as tests: each kind calls this with a way to open it. */
export function behavesAsStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} behaves as a store`, () => {
    const random = randomText()
    const signal = new AbortController().signal
    let subject: StoreUnderTest
    let last = 0
    beforeAll(async () => {
      subject = await open()
    })
    afterAll(async () => {
      await subject.store.close?.()
      await subject.close?.()
    })
    const put = (bytes: Uint8Array | undefined) => subject.put(last++, bytes)
    const codeOf = async (reading: Promise<Uint8Array>) => {
      const outcome = await reading.then(
        () => 'a key',
        (error: unknown) => error,
      )
      return outcome instanceof SallyportError ? outcome.code : outcome
    }

    it('reads the key as it was put there', async () => {
      const key = random.base62(40)
      expect(text(await subject.store.read(await put(Buffer.from(key)), signal))).toBe(key)
    })

    it('reads every visible ASCII character', async () => {
      const key = Buffer.from(Array.from({ length: 94 }, (_, i) => 0x21 + i))
      expect(text(await subject.store.read(await put(Buffer.from(key)), signal))).toBe(text(key))
    })

    it('reads a key of the greatest length, and refuses a longer one', async () => {
      const longest = await put(Buffer.alloc(limits.keyBytesMax, 0x61))
      expect(await subject.store.read(longest, signal)).toHaveLength(limits.keyBytesMax)
      const longer = await put(Buffer.alloc(limits.keyBytesMax + 1, 0x61))
      expect(await codeOf(subject.store.read(longer, signal))).toBe('STORE_KEY_INVALID')
    })

    it.each(['\n', '\r\n'])('leaves out one line ending at the end (%j)', async (end) => {
      const key = random.base62(20)
      expect(text(await subject.store.read(await put(Buffer.from(key + end)), signal))).toBe(key)
    })

    it.each([
      ['nothing', ''],
      ['only a line ending', '\n'],
      ['two line endings', 'abc\n\n'],
      ['a line break in the middle', 'abc\r\nX-Evil: 1'],
      ['a space at the end', 'abc '],
      ['a tab', 'a\tb'],
      ['a character outside ASCII', 'schlüssel'],
      ['a NUL', 'a\0b'],
      ['a control character', 'a\u0001b'],
      ['a delete character', 'a\u007fb'],
    ])('refuses a value that no field could carry: %s', async (_what, value) => {
      expect(await codeOf(subject.store.read(await put(Buffer.from(value)), signal))).toBe('STORE_KEY_INVALID')
    })

    it('says nothing of a value that it refuses', async () => {
      const secret = random.base62(30)
      const reading = subject.store.read(await put(Buffer.from(`${secret} ${secret}`)), signal)
      const error = await reading.catch((error: unknown) => error)
      expect(error).toBeInstanceOf(SallyportError)
      expect(`${error}${JSON.stringify(error)}${(error as Error).stack}`).not.toContain(secret.slice(0, 8))
    })

    it('says that a key is missing', async () => {
      expect(await codeOf(subject.store.read(await put(undefined), signal))).toBe('STORE_KEY_MISSING')
    })

    it('gives each reader an allocation of its own, so that one may wipe and the other use it', async () => {
      const key = random.base62(32)
      const reference = await put(Buffer.from(key))
      const first = await subject.store.read(reference, signal)
      expect(first.buffer.byteLength).toBe(first.length)
      first.fill(0)
      expect(text(await subject.store.read(reference, signal))).toBe(key)
    })

    it('reads many at once', async () => {
      const keys = Array.from({ length: 12 }, () => random.base62(50))
      const references = await Promise.all(keys.map((key) => put(Buffer.from(key))))
      const read = await Promise.all(references.map((reference) => subject.store.read(reference, signal)))
      expect(read.map(text)).toEqual(keys)
    })

    it('reads the old key or the new one while it is being changed, and nothing else', async () => {
      const number = last++
      const [old, changed] = [random.base62(40), random.base62(60)]
      const reference = await subject.put(number, Buffer.from(old))
      const readings = Array.from({ length: 4 }, () => subject.store.read(reference, signal))
      await subject.put(number, Buffer.from(changed))
      for (const key of await Promise.all(readings)) expect([old, changed]).toContain(text(key))
      expect(text(await subject.store.read(reference, signal))).toBe(changed)
    })

    it('gives up with the reason of the signal', async () => {
      const reference = await put(Buffer.from(random.base62(20)))
      const controller = new AbortController()
      const reason = new Error('not wanted any more')
      controller.abort(reason)
      expect(await codeOf(subject.store.read(reference, controller.signal))).toBe(reason)
    })
  })
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
