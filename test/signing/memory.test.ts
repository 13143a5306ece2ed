import { spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { scanMemory } from '../support/scan-memory.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const scope = '20260301/eu-central-1/sqs/aws4_request'

/** What a signature for AWS makes of the key on its way, each as good as the key for a day. */
function derivedForAws(key: Buffer): Buffer[] {
  const keys = [Buffer.from(`AWS4${key}`)]
  for (const part of scope.split('/'))
    keys.push(
      createHmac('sha256', keys.at(-1) as Buffer)
        .update(part)
        .digest(),
    )
  return keys
}

describe('the memory of a process that has signed a thousand times', () => {
  it.each(['sha1', 'sha256', 'sha512'] as const)(
    'holds neither the key nor what was made of it: %s',
    async (name) => {
      const made = (key: Buffer) => [createHmac(name, key).update('message').digest()]
      expect(await copiesAfter(`wipe(hmac('${name}', key, message))`, made)).toEqual({})
    },
    240_000,
  )

  it('holds neither the key nor one that was made of it for AWS', async () => {
    expect(await copiesAfter(`signForAws(key, '${scope}', 'text')`, derivedForAws)).toEqual({})
  }, 240_000)

  it('holds neither the key nor what it was decoded to', async () => {
    const setUp = `
      const carrier = form.open({ hmac: 'sha256', message: '{method}', field: 'S', key_encoding: 'base64' })
      const phantom = Buffer.from('phantom0phantom0')
      const value = createHmac('sha256', Buffer.from('phantom0phantom0', 'base64')).update('GET').digest('hex')
      const request = { method: 'GET', host: 'x', target: '/', fields: [{ name: 's', value }] }
      const sign = (key) => {
        const { fault } = carrier.read(request, new Date()).sign(phantom, (use) => use(key), message)
        if (fault) throw new Error(fault)
      }`
    const made = (key: Buffer) => [Buffer.from(key.toString(), 'base64')]
    expect(await copiesAfter('sign(key)', made, setUp)).toEqual({})
  }, 240_000)

  it('would be seen to hold both, had the digest not been asked for or not been wiped', async () => {
    const expression = "[createHmac('sha256', key).update(message), createHmac('sha256', key).update(message).digest()]"
    const made = (key: Buffer) => [createHmac('sha256', key).update('message').digest()]
    const copies = await copiesAfter(expression, made)
    expect(Object.keys(copies)).toEqual(expect.arrayContaining(['key, raw', 'made 0, raw']))
  }, 240_000)
})

/** What is freed loses its first bytes to the allocator's lists, so the last ones are looked for. */
const tailBytes = 12

/** Copies in a process of its own that evaluates `expression` a thousand times with a key which only it has unmasked. */
async function copiesAfter(
  expression: string,
  madeOf: (key: Buffer) => Buffer[],
  setUp = '',
): Promise<Record<string, number>> {
  const key = Buffer.from(randomBytes(30).toString('base64'))
  const pad = randomBytes(key.length)
  const hidden = key.map((byte, i) => byte ^ (pad[i] as number))
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url))
  const script = `
    import { createHmac } from 'node:crypto'
    import { hmac as form } from ${from('../../src/keys/carriers/hmac.ts')}
    import { signForAws } from ${from('../../src/keys/signing/aws-key.ts')}
    import { hmac } from ${from('../../src/secret/hmac.ts')}
    import { wipe, withUnmasked } from ${from('../../src/secret/masked.ts')}
    const masked = { length: ${key.length}, pad: Buffer.from('${hex(pad)}', 'hex'), hidden: Buffer.from('${hex(hidden)}', 'hex') }
    const message = Buffer.from('message')
    ${setUp}
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
    // Nothing is collected while it is read.
    child.kill('SIGSTOP')
    const made = madeOf(key).map((bytes, i) => [`made ${i}`, bytes] as const)
    const found: Record<string, number> = {}
    for (const [form, bytes] of [...formsOf(key), ...made]) {
      for (const [spelling, count] of Object.entries(scanMemory(child.pid ?? 0, bytes.subarray(-tailBytes))))
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
    ['inner pad, words of 4', Buffer.from(inner).swap32()],
    ['inner pad, words of 8', Buffer.from(inner).swap64()],
  ]
}
