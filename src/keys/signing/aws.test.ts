import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import type { PieceSigner, SignedEdits, SignedRequest, SigningFault } from '../carrier.ts'
import { awsCarrier } from '../carriers/aws.ts'
import { randomText } from '../random.ts'

const random = randomText()
const phantom = Buffer.from(random.base62(40))
const key = Buffer.from(random.base62(40))
const now = new Date('2026-03-01T10:00:00Z')
const scope = '20260301/eu-central-1/sqs/aws4_request'

const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex')
const under = (secret: Uint8Array | string, text: string) => createHmac('sha256', secret).update(text).digest()
const signature = (secret: Uint8Array, text: string, of = scope) =>
  under(
    of
      .split('/')
      .reduce<Uint8Array>((signing, part) => under(signing, part), Buffer.concat([Buffer.from('AWS4'), secret])),
    text,
  ).toString('hex')

interface Written {
  readonly target?: string
  readonly time?: string
  readonly payload?: string
  readonly names?: string
  readonly scope?: string
}

/** A request that is signed in its head with `secret`; the payload's digest stands in it where one is given. */
function signedInHead(secret: Uint8Array, written: Written = {}): SignedRequest {
  const { target = '/queue', time = '20260301T100000Z', payload, scope: of = scope } = written
  const fields = [
    { name: 'content-type', value: 'text/plain' },
    { name: 'x-amz-date', value: time },
    ...(payload === undefined ? [] : [{ name: 'x-amz-content-sha256', value: payload }]),
  ]
  const names =
    written.names ??
    [
      'content-type',
      'host',
      ...fields
        .slice(1)
        .map(({ name }) => name)
        .sort(),
    ].join(';')
  const lines = names
    .split(';')
    .map((name) => `${name}:${name === 'host' ? 'sqs.test' : fields.find((field) => field.name === name)?.value}\n`)
  const canonical = `POST\n${target}\n\n${lines.join('')}\n${names}\n${payload ?? sha256('body')}`
  const made = signature(secret, `AWS4-HMAC-SHA256\n${time}\n${of}\n${sha256(canonical)}`, of)
  const value = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${of}, SignedHeaders=${names}, Signature=${made}`
  return { method: 'POST', host: 'sqs.test', target, fields: [...fields, { name: 'authorization', value }] }
}

/** The same in the query. */
function signedInQuery(secret: Uint8Array, { time = '20260301T100000Z', expires = '60', service = 'sqs' } = {}) {
  const of = scope.replace('sqs', service)
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F${of.replaceAll('/', '%2F')}&X-Amz-Date=${time}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host`
  const payload = service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256('body')
  const canonical = `POST\n/queue\n${query}\nhost:sqs.test\n\nhost\n${payload}`
  const made = signature(secret, `AWS4-HMAC-SHA256\n${time}\n${of}\n${sha256(canonical)}`, of)
  return { method: 'POST', host: 'sqs.test', target: `/queue?${query}&X-Amz-Signature=${made}`, fields: [] }
}

function signAgain(request: SignedRequest, at = now, body = 'body'): SignedEdits | SigningFault | undefined {
  const read = awsCarrier().read(request, at)
  if (!read || 'fault' in read) return read
  return read.sign(phantom, (use) => use(key), Buffer.from(body))
}

const faultOf = (request: SignedRequest, at = now) => {
  const result = signAgain(request, at)
  return result && 'fault' in result ? result.fault : 'no fault'
}

const change = (request: SignedRequest, name: string, to: (value: string) => string): SignedRequest => ({
  ...request,
  fields: request.fields.map((field) => (field.name === name ? { name, value: to(field.value) } : field)),
})

describe('a request that is signed with the phantom', () => {
  it.each([{}, { payload: sha256('body') }, { payload: 'UNSIGNED-PAYLOAD' }])(
    'has the signature of the key afterwards, and nothing else is changed: %j',
    (written) => {
      const request = signedInHead(phantom, written)
      const wanted = signedInHead(key, written).fields.at(-1)
      expect(signAgain(request)).toEqual({ fields: [{ index: request.fields.length - 1, value: wanted?.value }] })
    },
  )

  it.each(['sqs', 's3'])('has it in the query, where it was there: %s', (service) => {
    const wanted = signedInQuery(key, { service })
    expect(signAgain(signedInQuery(phantom, { service }))).toEqual({ fields: [], target: wanted.target })
  })

  it.each([
    [signedInHead(phantom), 'whole'],
    [signedInHead(phantom, { payload: sha256('body') }), 'none'],
    [signedInQuery(phantom), 'whole'],
    [signedInQuery(phantom, { service: 's3' }), 'none'],
  ])('needs its body only where the digest is not in it (%#)', (request, body) =>
    expect(awsCarrier().read(request, now)).toMatchObject({ body }),
  )
})

describe('a request of no such form is somebody else’s affair', () => {
  it.each([
    { ...signedInHead(phantom), fields: [] },
    change(signedInHead(phantom), 'authorization', () => `Bearer ${phantom}`),
    { ...signedInHead(phantom), fields: [], target: '/queue?x-amz=1&Signature=2' },
  ])('%#', (request) => expect(awsCarrier().read(request, now)).toBeUndefined())
})

describe('a request is refused', () => {
  const good = signedInHead(phantom)
  const url = signedInQuery(phantom)
  const notSigned = 'not signed with the phantom'
  const double = (name: string): SignedRequest => ({
    ...good,
    fields: [...good.fields, ...good.fields.filter((field) => field.name === name)],
  })
  const inUrl = (from: string | RegExp, to: string) => ({ ...url, target: url.target.replace(from, to) })
  const inHead = (from: string | RegExp, to: string) => change(good, 'authorization', (text) => text.replace(from, to))

  it.each<[string, SignedRequest, string]>([
    ['signed with another key', signedInHead(key), notSigned],
    ['with another method', { ...good, method: 'PUT' }, notSigned],
    ['for another host', { ...good, host: 'other.test' }, notSigned],
    ['with another path', { ...good, target: '/other' }, notSigned],
    ['with one more parameter', { ...good, target: '/queue?a=1' }, notSigned],
    ['with another value of a signed field', change(good, 'content-type', () => 'text/html'), notSigned],
    ['with a signed field twice', double('content-type'), notSigned],
    ['without a signed field', { ...good, fields: good.fields.slice(1) }, 'covers a field that is not sent'],
    ['with two dates', double('x-amz-date'), 'x-amz-date is there twice'],
    ['with two authorizations', double('authorization'), 'Authorization is there twice'],
    [
      'of another day than its credential',
      change(good, 'x-amz-date', (text) => text.replace('0301', '0302')),
      'of another day',
    ],
    [
      'without a date',
      { ...good, fields: good.fields.filter(({ name }) => name !== 'x-amz-date') },
      'X-Amz-Date is not there',
    ],
    ['at a time that is none', signedInHead(phantom, { time: '20260301T250000Z' }), 'not a time'],
    ['of another form of time', signedInHead(phantom, { time: '20260301T100000' }), 'not a time'],
    ['without Host', signedInHead(phantom, { names: 'content-type;x-amz-date' }), 'does not cover Host'],
    ['with names out of order', signedInHead(phantom, { names: 'host;content-type' }), 'in order'],
    ['with a name twice', signedInHead(phantom, { names: 'host;host' }), 'in order'],
    ['for another terminator', signedInHead(phantom, { scope: '20260301/eu/sqs/aws5_request' }), 'the credential'],
    ['with SigV4A', inHead('HMAC-SHA256', 'ECDSA-P256-SHA256'), 'SigV4A'],
    ['with version 2', change(good, 'authorization', () => 'AWS AKIDEXAMPLE:c2ln'), 'Signature Version 2'],
    ['without its signature', inHead(/, Signature=.*/, ''), 'not 64 hexadecimal digits'],
    ['with a short signature', inHead(/.$/, ''), 'not 64 hexadecimal digits'],
    ['with another part in the signature', inHead(/$/, ', Other=1'), 'does not have the form'],
    ['with a part twice', inHead(/, Signature/, ', SignedHeaders=host, Signature'), 'does not have the form'],
    ['with a payload that is no digest', signedInHead(phantom, { payload: 'SOME' }), 'neither a digest'],
    ['with signed events', signedInHead(phantom, { payload: 'STREAMING-AWS4-HMAC-SHA256-EVENTS' }), 'neither a digest'],
    [
      'with a body that SigV4A signs',
      signedInHead(phantom, { payload: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' }),
      'SigV4A',
    ],
    ['signed in both places', { ...good, target: url.target }, 'signed twice'],
    ['signed with another key, in the query', signedInQuery(key), notSigned],
    ['with one more parameter than was signed', inUrl('?', '?a=1&'), notSigned],
    ['good for no time', inUrl('Expires=60', 'Expires=0'), 'not good for a time'],
    ['good for eight days', signedInQuery(phantom, { expires: '691200' }), 'not good for a time'],
    ['with a parameter twice', inUrl('?', '?X-Amz-Date=1&'), 'there twice'],
    ['with a parameter twice, encoded', inUrl('?', '?X%2dAmz-Date=1&'), 'there twice'],
    ['with SigV4A in the query', inUrl('HMAC-SHA256', 'ECDSA-P256-SHA256'), 'SigV4A'],
    ['with a signature and no algorithm', inUrl(/X-Amz-Algorithm=[^&]*&/, ''), 'no algorithm'],
    ['without its signature in the query', inUrl(/&X-Amz-Signature=.*/, ''), 'not 64 hexadecimal digits'],
  ])('%s', (_name, request, fault) => expect(faultOf(request)).toContain(fault))

  it.each([
    [good, -limits.awsClockSkewMs, 'no fault'],
    [good, -limits.awsClockSkewMs - 1_000, 'time that has not come'],
    [good, limits.awsClockSkewMs, 'no fault'],
    [good, limits.awsClockSkewMs + 1_000, 'too long ago'],
    [url, -limits.awsClockSkewMs - 1_000, 'time that has not come'],
    [url, 60_000, 'no fault'],
    [url, 61_000, 'too long ago'],
  ])('%#: out of its time', (request, shiftMs, fault) =>
    expect(faultOf(request, new Date(now.getTime() + shiftMs))).toContain(fault),
  )

  it('whatever else stands in its body', () => expect(signAgain(good, now, 'other')).toHaveProperty('fault'))

  it('without a word of what it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme-ascii' }), (value, target) => {
        const canary = random.base62(20)
        const fields = [{ name: 'authorization', value: `AWS4-HMAC-SHA256 ${canary}${value}` }]
        const request = { method: 'GET', host: 'x', target: `/?X-Amz-Signature=${canary}&${target}`, fields }
        for (const tried of [request, { ...request, fields: [] }, { ...request, target: '/' }])
          expect(faultOf(tried)).not.toContain(canary)
      }),
    )
  })
})

describe('a body that is signed in chunks', () => {
  const trailer = 'x-amz-checksum-crc32c:sOO8/Q=='
  const of = '20130524/us-east-1/s3/aws4_request'
  const time = '20130524T000000Z'

  /** Chunks signed with `secret`, each over the signature before it. */
  const chunked = (
    secret: Uint8Array,
    seed: string,
    parts: readonly Uint8Array[],
    hasTrailer: boolean,
    lineFeed = '',
  ): Buffer => {
    let previous = seed
    const next = (kind: string, digests: string) => {
      previous = signature(secret, `AWS4-HMAC-SHA256-${kind}\n${time}\n${of}\n${previous}\n${digests}`, of)
      return previous
    }
    const pieces = [...parts, Buffer.alloc(0)].flatMap((part) => [
      `${part.length.toString(16)};chunk-signature=${next('PAYLOAD', `${sha256('')}\n${sha256(part)}`)}\r\n`,
      part,
      part.length === 0 && hasTrailer ? '' : '\r\n',
    ])
    if (hasTrailer)
      pieces.push(`${trailer}${lineFeed}\r\nx-amz-trailer-signature:${next('TRAILER', sha256(`${trailer}\n`))}\r\n\r\n`)
    return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
  }

  const seedOf = (secret: Uint8Array, hasTrailer: boolean) => {
    const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${hasTrailer ? '-TRAILER' : ''}`
    const request = signedInHead(secret, { payload, time, scope: of })
    return { request, seed: /[0-9a-f]{64}$/.exec(request.fields.at(-1)?.value ?? '')?.[0] ?? '' }
  }

  const open = (hasTrailer: boolean): { pieces: PieceSigner; seed: string } => {
    const { request, seed } = seedOf(phantom, hasTrailer)
    const edits = signAgain(request, new Date('2013-05-24T00:00:00Z'))
    if (!edits || 'fault' in edits || !edits.pieces) throw new Error(JSON.stringify(edits))
    return { pieces: edits.pieces, seed }
  }

  const pushAll = (pieces: PieceSigner, content: Buffer, size: number): Buffer | SigningFault => {
    const out: Uint8Array[] = []
    for (let at = 0; at < content.length; at += size) {
      // The relay's buffer is used again.
      const part = Buffer.from(content.subarray(at, at + size))
      const taken = pieces.push(part)
      if ('fault' in taken) return taken
      part.fill(0)
      out.push(taken)
    }
    return pieces.end() ?? Buffer.concat(out)
  }

  it.each([
    [false, ''],
    [true, ''],
    [true, '\n'],
  ])('has the signatures of the key, however it is cut; with a trailer: %j, %j', (hasTrailer, lineFeed) => {
    const part = fc.uint8Array({ minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.integer({ min: 1, max: 400 }), (parts, size) => {
        const { pieces, seed } = open(hasTrailer)
        const wanted = chunked(key, seedOf(key, hasTrailer).seed, parts, hasTrailer, lineFeed)
        expect(pushAll(pieces, chunked(phantom, seed, parts, hasTrailer, lineFeed), size)).toEqual(wanted)
      }),
    )
  })

  const parts = [Buffer.from('first part'), Buffer.from('second part')]
  it.each<[string, boolean, (text: string) => string, string]>([
    ['changed content', false, (text) => text.replace('second', 'Second'), 'not over its content'],
    ['a chunk left out', false, (text) => text.replace(/^.*?part\r\n/s, ''), 'not over its content'],
    ['another signature', false, (text) => text.replace(/[0-9a-f]{64}/, '0'.repeat(64)), 'not over its content'],
    ['no signature', false, (text) => text.replace(/;chunk[^\r]*/, ''), 'does not begin with'],
    ['one more extension', false, (text) => text.replace('\r', ';a=b\r'), 'does not begin with'],
    ['another size', false, (text) => text.replace(/^a;/, '9;'), 'longer than it says'],
    ['no end', false, (text) => text.slice(0, -90), 'ended before'],
    ['the last line end missing', false, (text) => text.slice(0, -1), 'ended before'],
    ['more after the end', false, (text) => `${text}0`, 'follows the last chunk'],
    ['no end of a line', false, () => 'a'.repeat(200), 'longer than'],
    ['a chunk that is too large', false, (text) => text.replace(/^a;/, '800001;'), 'larger than 8388608'],
    ['a changed trailer', true, (text) => text.replace('sOO8', 'sOO9'), 'not over its fields'],
    [
      'another field in the trailer',
      true,
      (text) => text.replace('x-amz-ch', 'a:b\r\nx-amz-ch'),
      'not over its fields',
    ],
    [
      'no signature of the trailer',
      true,
      (text) => text.replace(/x-amz-trailer.*\r\n\r\n/, '\r\n'),
      'does not end with',
    ],
    ['a trailer without an end', true, (text) => text.replace(/=\r\nx-amz-t.*$/s, 'x'.repeat(17_000)), 'longer than'],
    ['no trailer', true, (text) => text.replace(/x-amz-checksum.*$/s, ''), 'ended before'],
  ])('is cut off at its fault: %s', (_name, hasTrailer, spoil, fault) => {
    for (const size of [1, 7, 100_000]) {
      const { pieces, seed } = open(hasTrailer)
      const content = Buffer.from(spoil(chunked(phantom, seed, parts, hasTrailer).toString('latin1')), 'latin1')
      expect(pushAll(pieces, content, size)).toEqual({ fault: expect.stringContaining(fault) })
    }
  })

  it('takes a chunk of the largest size', () => {
    const { pieces, seed } = open(false)
    const part = Buffer.alloc(limits.awsChunkBytesMax, 0x61)
    const wanted = chunked(key, seedOf(key, false).seed, [part], false)
    const got = pushAll(pieces, chunked(phantom, seed, [part], false), 65_536)
    expect(Buffer.isBuffer(got) && wanted.equals(got)).toBe(true)
  })
})

/** “Authenticating requests: transferring payload in multiple chunks”, with its example secret (in pieces) and results. */
describe('the examples of S3’s documentation', () => {
  const example = Buffer.from(['wJalrXUtnFEMI', '/K7MDENG', '/bPxRfiCY', 'EXAMPLEKEY'].join(''))
  const common = [
    { name: 'x-amz-date', value: '20130524T000000Z' },
    { name: 'x-amz-storage-class', value: 'REDUCED_REDUNDANCY' },
    { name: 'content-encoding', value: 'aws-chunked' },
    { name: 'x-amz-decoded-content-length', value: '66560' },
  ]
  it.each([
    [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      [{ name: 'content-length', value: '66824' }],
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      [
        'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
        '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
        'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
      ],
      '\r\n',
    ],
    [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      [{ name: 'x-amz-trailer', value: 'x-amz-checksum-crc32c' }],
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
      [
        'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
        '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
        '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      ],
      'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
    ],
  ])('%s', (payload, others, seed, [first, second, last], end) => {
    const given = [...common, ...others, { name: 'x-amz-content-sha256', value: payload }]
    const names = ['host', ...given.map(({ name }) => name)].sort().join(';')
    const value = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${seed}`
    const fields = [...given, { name: 'authorization', value }]
    const request = { method: 'PUT', host: 's3.amazonaws.com', target: '/examplebucket/chunkObject.txt', fields }
    const read = awsCarrier().read(request, new Date('2013-05-24T00:00:00Z'))
    if (!read || 'fault' in read) throw new Error(JSON.stringify(read))
    const edits = read.sign(example, (use) => use(example), Buffer.alloc(0))
    if ('fault' in edits) throw new Error(edits.fault)
    expect(edits.fields).toEqual([{ index: fields.length - 1, value }])
    const body = `10000;chunk-signature=${first}\r\n${'a'.repeat(65_536)}\r\n400;chunk-signature=${second}\r\n${'a'.repeat(1_024)}\r\n0;chunk-signature=${last}\r\n${end}`
    expect(Buffer.from(edits.pieces?.push(Buffer.from(body)) as Uint8Array).toString()).toBe(body)
    expect(edits.pieces?.end()).toBeUndefined()
  })
})
