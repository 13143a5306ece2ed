import { execFile, spawnSync } from 'node:child_process'
import { createHmac, hash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPythonPackages } from '../clients/install-python-packages.ts'
import { type CarrierDoor, openCarrierDoor } from '../support/carrier-door.ts'
import { scanMemory } from '../support/scan-memory.ts'

const python = await installPythonPackages('aws')
const signing = join(import.meta.dirname, '../signing')
let door: CarrierDoor
beforeAll(async () => {
  door = await openCarrierDoor({
    query: '{ query: api_key }',
    path: '{ path: /bot }',
    hmac: `{ hmac: sha256, message: '{method}\\n{target}\\n{body}\\n{time}', field: X-Signature, value: 't={time},v1={signature}' }`,
    digest: `{ hmac: sha512, message: '{body:sha256:hex}', field: Authorization, value: 'HMAC {signature}', encoding: base64 }`,
    field: `{ hmac: sha256, message: '{field:x-api-key}', field: X-Sum }`,
    aws: 'aws',
  })
})
afterAll(() => door?.stop())

const fieldOf = (fields: readonly string[] = [], name: string) => fields[fields.indexOf(name) + 1]
const codeOf = (answer: string) => /"code":"([A-Z_]+)"/.exec(answer)?.[1]
const hmac = (secret: string, text: string, algorithm = 'sha256') => createHmac(algorithm, secret).update(text)

describe('a key in the target', () => {
  it('arrives in its parameter, and nothing else is changed', async () => {
    const { seen } = await door.ask('query', `GET /v1?a=1&api_key=${door.phantom('query')}&b=%20+`, {})
    expect(seen?.url).toBe(`/v1?a=1&api_key=${door.keys.query}&b=%20+`)
  })

  it('arrives in its segment', async () => {
    const { seen } = await door.ask('path', `POST /bot${door.phantom('path')}/send?x=1`, {}, 'body')
    expect(seen).toMatchObject({ url: `/bot${door.keys.path}/send?x=1`, body: 'body' })
  })

  it.each([
    ['query', '/v1?other={}'],
    ['query', '/v1?api_key={}x'],
    ['query', '/{}'],
    ['path', '/bot{}x/send'],
    ['path', '/x/bot{}/send'],
  ])('%s: is refused in another place: %s', async (name, target) => {
    const { answer, seen } = await door.ask(name, `GET ${target.replace('{}', door.phantom(name))}`, {})
    expect(codeOf(answer)).toBe('PHANTOM_MISPLACED')
    expect(seen).toBeUndefined()
  })
})

describe('an HMAC', () => {
  const time = String(Math.floor(Date.now() / 1_000))
  const value = (secret: string, at = time, body = '{}') =>
    `t=${at},v1=${hmac(secret, `POST\n/v1/orders?a=1\n${body}\n${at}`).digest('hex')}`

  it('arrives as the key’s, with its body', async () => {
    const { seen } = await door.ask('hmac', 'POST /v1/orders?a=1', { 'X-Signature': value(door.phantom('hmac')) }, '{}')
    expect(fieldOf(seen?.fields, 'X-Signature')).toBe(value(door.keys.hmac ?? ''))
    expect(seen?.body).toBe('{}')
  })

  it('leaves a range in the request: the upstream gets no key that a part of its answer could hold', async () => {
    const fields = { 'X-Signature': value(door.phantom('hmac')), Range: 'bytes=0-9', 'X-Api-Key': 'mine' }
    const { seen } = await door.ask('hmac', 'POST /v1/orders?a=1', fields, '{}')
    expect(fieldOf(seen?.fields, 'Range')).toBe('bytes=0-9')
    expect(seen?.fields).not.toContain('X-Api-Key')
  })

  it('over a field that does not go along is refused', async () => {
    const signature = hmac(door.phantom('field'), 'mine').digest('hex')
    const { answer, seen } = await door.ask('field', 'GET /', { 'X-Sum': signature, 'X-Api-Key': 'mine' })
    expect(codeOf(answer)).toBe('SIGNATURE_REFUSED')
    expect(seen).toBeUndefined()
  })

  it('arrives as the key’s over the digest of a body that comes in chunks', async () => {
    const digest = '{"a":1}'
    const sign = (secret: string) => `HMAC ${hmac(secret, hash('sha256', digest), 'sha512').digest('base64')}`
    const fields = { Authorization: sign(door.phantom('digest')), 'Transfer-Encoding': 'chunked' }
    const { seen } = await door.ask('digest', 'POST /v1', fields, `3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n`)
    expect(seen?.body).toBe(digest)
    expect(fieldOf(seen?.fields, 'Authorization')).toBe(sign(door.keys.digest ?? ''))
  })

  it.each<[string, () => string, string]>([
    ['of another key', () => value('another key of no use'), '{}'],
    ['over another body', () => value(door.phantom('hmac')), '{ }'],
    ['of an old request', () => value(door.phantom('hmac'), String(Number(time) - 1_000)), '{}'],
  ])('is refused: %s', async (_name, signature, body) => {
    const { answer, seen } = await door.ask('hmac', 'POST /v1/orders?a=1', { 'X-Signature': signature() }, body)
    expect(codeOf(answer)).toBe('SIGNATURE_REFUSED')
    expect(seen).toBeUndefined()
  })
})

describe('a body that is signed in chunks', () => {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const parts = ['a'.repeat(70_000), 'b'.repeat(9), '']

  /** A request whose head and chunks are signed with `secret`, as S3's documentation has it. */
  const signed = (secret: string) => {
    const signing = awsKeys(secret, time, 's3').at(-1) as Buffer
    const names = 'host;x-amz-content-sha256;x-amz-date'
    const kind = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
    const head = `PUT\n/k\n\nhost:${door.authority('aws')}\nx-amz-content-sha256:${kind}\nx-amz-date:${time}\n\n${names}\n${kind}`
    const scope = `${time.slice(0, 8)}/eu-central-1/s3/aws4_request`
    const sign = (text: string) => createHmac('sha256', signing).update(text).digest('hex')
    let previous = sign(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', head)}`)
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names}, Signature=${previous}`
    const body = parts.map((part) => {
      const digests = `${hash('sha256', '')}\n${hash('sha256', part)}`
      previous = sign(`AWS4-HMAC-SHA256-PAYLOAD\n${time}\n${scope}\n${previous}\n${digests}`)
      return `${part.length.toString(16)};chunk-signature=${previous}\r\n${part}\r\n`
    })
    const fields = { 'X-Amz-Date': time, 'X-Amz-Content-SHA256': kind, Authorization: authorization }
    return { fields, body: body.join('') }
  }

  it('arrives with the key’s signatures', async () => {
    const { fields, body } = signed(door.phantom('aws'))
    const { seen } = await door.ask('aws', 'PUT /k', fields, body)
    const wanted = signed(door.keys.aws ?? '')
    expect(fieldOf(seen?.fields, 'Authorization')).toBe(wanted.fields.Authorization)
    expect(seen?.body === wanted.body).toBe(true)
  })

  it('never arrives whole where a chunk was changed', async () => {
    const { fields, body } = signed(door.phantom('aws'))
    const { answer, seen } = await door.ask('aws', 'PUT /k', fields, body.replace('bbbb', 'cccc'))
    expect(answer).not.toMatch(/^HTTP\/1\.1 200/)
    expect(seen).toBeUndefined()
  })

  it('leaves no copy of the key, or of one that is made of it, in the gateway', async () => {
    for (let i = 0; i < 100; i++) {
      const { fields, body } = signed(door.phantom('aws'))
      await door.ask('aws', 'PUT /k', fields, body)
    }
    const made = awsKeys(door.keys.aws ?? '', time, 's3')
    // Of freed memory the allocator overwrites the first bytes.
    const found = made.map((bytes) => scanMemory(door.running.ready.pid, bytes.subarray(-16)))
    expect(found).toEqual(made.map(() => ({})))
  }, 120_000)
})

describe('botocore, unchanged', () => {
  it('signs with its phantom, and the upstream finds the key’s signature', async () => {
    const before = door.upstream.seen.length
    const { stdout } = await promisify(execFile)(python, [join(signing, 'botocore-client.py')], {
      env: { ...door.environment, ENDPOINT: `https://${door.authority('aws')}` },
    })
    const said = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(said).toEqual(['sqs', 's3 get', 's3 put', 'presigned'].map((name) => [name, 'ok']))
    const seen = door.upstream.seen.slice(before)
    expect(judge(door.keys.aws ?? '', seen)).toEqual([true, true, true, true])
    expect(judge(door.phantom('aws'), seen)).toEqual([false, false, false, false])
  })
})

/** The keys that a signature for AWS makes one of the other; the last one signs. */
function awsKeys(secret: string, time: string, service: string): Buffer[] {
  const keys = [Buffer.from(`AWS4${secret}`)]
  for (const part of [time.slice(0, 8), 'eu-central-1', service, 'aws4_request'])
    keys.push(
      createHmac('sha256', keys.at(-1) as Buffer)
        .update(part)
        .digest(),
    )
  return keys
}

function judge(secret: string, seen: CarrierDoor['upstream']['seen']): boolean[] {
  const requests = seen.map(({ method, url, fields, body }) => ({
    method,
    url,
    fields: fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : [])),
    body,
  }))
  const { stdout, stderr, status } = spawnSync(python, [join(signing, 'botocore-judge.py')], {
    input: JSON.stringify({ secret, requests }),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
