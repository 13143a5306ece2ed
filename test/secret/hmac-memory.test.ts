import { spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { HmacAlgorithm } from '../../src/secret/hmac.ts'
import { scanMemory } from '../support/scan-memory.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('the memory of a process that has signed a thousand times', () => {
  it.each(['sha1', 'sha256', 'sha512'] as const)(
    'holds neither the key nor what was made of it: %s',
    async (name) => {
      expect(await copiesAfter(name, 'wipe(hmac(algorithm, key, message))')).toEqual({})
    },
    120_000,
  )

  it('would be seen to hold both, had the digest not been asked for or not been wiped', async () => {
    const copies = await copiesAfter(
      'sha256',
      '[createHmac(algorithm, key).update(message), createHmac(algorithm, key).update(message).digest()]',
    )
    expect(Object.keys(copies)).toEqual(expect.arrayContaining(['key, raw', 'result, raw']))
  }, 120_000)
})

/** Copies in a process of its own that evaluates `expression` a thousand times with a key which only it has unmasked. */
async function copiesAfter(algorithm: HmacAlgorithm, expression: string): Promise<Record<string, number>> {
  const key = Buffer.from(randomBytes(30).toString('base64'))
  const pad = randomBytes(key.length)
  const hidden = key.map((byte, i) => byte ^ (pad[i] as number))
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url))
  const script = `
    import { createHmac } from 'node:crypto'
    import { hmac } from ${from('../../src/secret/hmac.ts')}
    import { wipe, withUnmasked } from ${from('../../src/secret/masked.ts')}
    const masked = { length: ${key.length}, pad: Buffer.from('${hex(pad)}', 'hex'), hidden: Buffer.from('${hex(hidden)}', 'hex') }
    const algorithm = '${algorithm}'
    const message = Buffer.from('message')
    for (let i = 0; i < 1_000; i++) withUnmasked(masked, (key) => ${expression})
    process.stdout.write('signed')
    setInterval(() => masked, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve)
      child.once('close', () => reject(new Error('the signer ended')))
    })
    const result = createHmac(algorithm, key).update('message').digest()
    const found: Record<string, number> = {}
    for (const [form, bytes] of [...formsOf(key), ['result', result] as const]) {
      for (const [spelling, count] of Object.entries(scanMemory(child.pid ?? 0, bytes)))
        found[`${form}, ${spelling}`] = count
    }
    return found
  } finally {
    child.kill('SIGKILL')
  }
}

/** The key, and what HMAC makes of it: XORed with both pads, also as words of the machine's byte order. */
function formsOf(key: Buffer): (readonly [string, Buffer])[] {
  const inner = Buffer.from(key.map((byte) => byte ^ 0x36))
  return [
    ['key', key],
    ['inner pad', inner],
    ['outer pad', Buffer.from(key.map((byte) => byte ^ 0x5c))],
    ['inner pad, words of 4', Buffer.from(inner.subarray(0, 24)).swap32()],
    ['inner pad, words of 8', Buffer.from(inner.subarray(0, 24)).swap64()],
  ]
}
