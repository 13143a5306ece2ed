import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SignedEdits, SignedRequest, SigningCarrier, SigningFault } from '../carrier.ts'
import { hmac } from '../carriers/hmac.ts'
import { randomText } from '../random.ts'

const random = randomText()
const phantom = Buffer.from(random.base62(32))
const key = Buffer.from(random.base62(32))
const now = new Date('2026-03-01T10:00:00Z')
const time = String(now.getTime() / 1_000)

const open = (parameters: Record<string, string>) => hmac.open(parameters) as SigningCarrier

/** `fields` as `name: value`, in order. */
function requestOf(
  fields: readonly (readonly [string, string])[],
  written: Partial<SignedRequest> = {},
): SignedRequest {
  return {
    method: 'POST',
    host: 'api.test',
    target: '/v1/orders?a=1&b=2',
    fields: fields.map(([name, value]) => ({ name, value })),
    ...written,
  }
}

function signAgain(carrier: SigningCarrier, request: SignedRequest, body = '{}', at = now) {
  const read = carrier.read(request, at)
  if (!read || 'fault' in read) return read
  return read.sign(phantom, (use) => use(key), Buffer.from(body))
}

const faultOf = (result: SignedEdits | SigningFault | undefined) =>
  result === undefined ? 'nothing of this form' : 'fault' in result ? result.fault : 'no fault'

const sign = (secret: Uint8Array, text: string, algorithm = 'sha256') => createHmac(algorithm, secret).update(text)

describe('forms that issuers use', () => {
  const digest = createHash('sha256').update('{}').digest('hex')
  const forms: readonly (readonly [
    string,
    Record<string, string>,
    (secret: Uint8Array) => readonly (readonly [string, string])[],
  ])[] = [
    [
      'a time and the body, in one field',
      { hmac: 'sha256', message: '{time}.{body}', field: 'X-Signature', value: 't={time},v1={signature}' },
      (secret) => [['x-signature', `t=${time},v1=${sign(secret, `${time}.{}`).digest('hex')}`]],
    ],
    [
      'the parts of the request on lines, with the body’s digest, in Authorization',
      {
        hmac: 'sha512',
        message: '{method}\\n{host}\\n{target}\\n{body:sha256:hex}\\n{time}\\n{nonce}',
        field: 'Authorization',
        value: 'HMAC app-7:{signature}',
        encoding: 'base64',
        time: 'X-Time',
        time_format: 'ms',
        nonce: 'X-Nonce',
      },
      (secret) => [
        ['x-time', `${time}000`],
        ['x-nonce', 'n-1'],
        [
          'authorization',
          `HMAC app-7:${sign(secret, `POST\napi.test\n/v1/orders?a=1&b=2\n${digest}\n${time}000\nn-1`, 'sha512').digest('base64')}`,
        ],
      ],
    ],
    [
      'fields, one of them not there, and the path and query apart',
      {
        hmac: 'sha1',
        message: '{path}\n{query}\n{field:Content-Type}\n{field:Content-MD5?}\n{field:Date}',
        field: 'X-Sign',
        encoding: 'base64url',
        time: 'Date',
        time_format: 'http-date',
      },
      (secret) => [
        ['content-type', 'application/json'],
        ['date', now.toUTCString()],
        [
          'x-sign',
          sign(secret, `/v1/orders\na=1&b=2\napplication/json\n\n${now.toUTCString()}`, 'sha1').digest('base64url'),
        ],
      ],
    ],
    [
      'upper-case digits, and time and nonce beside the signature',
      {
        hmac: 'sha384',
        message: '{nonce}{time}{body:md5:base64}',
        field: 'X-Auth',
        value: 'time="{time}", nonce="{nonce}", signature="{signature}"',
        time_format: 'rfc3339',
      },
      (secret) => {
        const text = `abc/+=2026-03-01T10:01:00+00:00${createHash('md5').update('{}').digest('base64')}`
        const signature = sign(secret, text, 'sha384').digest('hex').toUpperCase()
        return [['x-auth', `time="2026-03-01T10:01:00+00:00", nonce="abc/+=", signature="${signature}"`]]
      },
    ],
  ]

  it.each(forms)('%s', (_name, parameters, fieldsOf) => {
    const carrier = open(parameters)
    const request = requestOf(fieldsOf(phantom))
    const wanted = fieldsOf(key).at(-1)?.[1]
    expect(signAgain(carrier, request)).toEqual({ fields: [{ index: request.fields.length - 1, value: wanted }] })
    expect(faultOf(signAgain(carrier, requestOf(fieldsOf(key))))).toContain('not signed with the phantom')
    expect(carrier.read(request, now)).toMatchObject({
      body: parameters.message?.includes('{body') ? 'whole' : 'none',
    })
    expect(carrier.fields).toContain(request.fields.at(-1)?.name)
  })
})

describe('what is signed', () => {
  it('is every part of the request that the template names, whatever it holds', () => {
    const carrier = open({
      hmac: 'sha256',
      message: '{method} {host} {path} {query} {target} {field:a} {body}',
      field: 'S',
    })
    const text = fc.stringMatching(/^[!-~]{0,12}$/)
    fc.assert(
      fc.property(text, text, text, text, fc.stringMatching(/^[!->@-~]{0,12}$/), (method, host, query, a, path) => {
        const target = `${path}?${query}`
        const body = random.base62(5)
        const message = `${method} ${host} ${path} ${query} ${target} ${a} ${body}`
        const fieldsOf = (secret: Uint8Array) =>
          [
            ['a', a],
            ['s', sign(secret, message).digest('hex')],
          ] as const
        expect(signAgain(carrier, requestOf(fieldsOf(phantom), { method, host, target }), body)).toEqual({
          fields: [{ index: 1, value: fieldsOf(key)[1][1] }],
        })
      }),
    )
  })

  it('is written in latin1, as the field was received', () => {
    const carrier = open({ hmac: 'sha256', message: '{field:a}', field: 'S' })
    const made = createHmac('sha256', phantom).update(Buffer.from('é', 'latin1')).digest('hex')
    expect(
      faultOf(
        signAgain(
          carrier,
          requestOf([
            ['a', 'é'],
            ['s', made],
          ]),
        ),
      ),
    ).toBe('no fault')
  })

  it('may hold what means something elsewhere, behind a backslash', () => {
    const carrier = open({ hmac: 'sha256', message: '\\{\\\\\\}\\t\\r{method}', field: 'S' })
    const made = sign(phantom, '{\\}\t\rPOST').digest('hex')
    expect(faultOf(signAgain(carrier, requestOf([['s', made]])))).toBe('no fault')
  })
})

describe('a request is refused', () => {
  const carrier = open({
    hmac: 'sha256',
    message: '{method}{target}{body}{time}{field:X-Id}{field:X-Opt?}',
    field: 'Authorization',
    value: 'HMAC id={signature}',
    time: 'X-Time',
  })
  const fieldsAt = (at: string) =>
    [
      ['x-id', '1'],
      ['x-time', at],
      ['authorization', `HMAC id=${sign(phantom, `POST/v1/orders?a=1&b=2{}${at}1`).digest('hex')}`],
    ] as const
  const good = fieldsAt(time)
  const [id, when, authorization] = good
  const wrong = 'not signed with the phantom'

  it('and a good one is not', () => expect(faultOf(signAgain(carrier, requestOf(good)))).toBe('no fault'))

  it.each<[string, SignedRequest, string]>([
    ['with another method', requestOf(good, { method: 'PUT' }), wrong],
    ['with another target', requestOf(good, { target: '/v1/orders?a=1&b=3' }), wrong],
    ['with another value of a signed field', requestOf([['x-id', '2'], when, authorization]), wrong],
    ['with a field that was missing when it was signed', requestOf([...good, ['x-opt', '1']]), wrong],
    ['with a signed field twice', requestOf([id, ...good]), 'x-id is there twice'],
    ['with two times', requestOf([...good, ['x-time', '1']]), 'x-time is there twice'],
    ['with two signatures', requestOf([...good, authorization]), 'authorization is there twice'],
    [
      'with a field twice that may be missing',
      requestOf([...good, ['x-opt', ''], ['x-opt', '']]),
      'x-opt is there twice',
    ],
    ['without a signed field', requestOf([when, authorization]), 'x-id, which the signature covers, is not there'],
    ['without its time', requestOf([id, authorization]), 'x-time, which the signature covers, is not there'],
    [
      'with a signature of another length',
      requestOf([id, when, ['authorization', `${authorization[1]}0`]]),
      'has not the form',
    ],
    [
      'with something behind the signature',
      requestOf([id, when, ['authorization', `${authorization[1]},x=1`]]),
      'has not the form',
    ],
    ['with a time of another form', requestOf(fieldsAt('2026-03-01T10:00:00Z')), 'has not the form'],
    ['with a negative time', requestOf(fieldsAt(`-${time}`)), 'has not the form'],
    ['signed too long ago', requestOf(fieldsAt(String(Number(time) - 301))), 'more than 300 seconds off'],
    ['signed for later', requestOf(fieldsAt(String(Number(time) + 301))), 'more than 300 seconds off'],
    ['of another scheme', requestOf([id, when, ['authorization', `Bearer ${phantom}`]]), 'nothing of this form'],
    ['without a signature', requestOf([id, when]), 'nothing of this form'],
  ])('%s', (_name, request, fault) => expect(faultOf(signAgain(carrier, request))).toContain(fault))

  it('with another body', () => expect(faultOf(signAgain(carrier, requestOf(good), '{ }'))).toContain(wrong))

  it('when it comes again after its time', () => {
    const request = requestOf(good)
    expect(faultOf(signAgain(carrier, request, '{}', new Date(now.getTime() + 300_000)))).toBe('no fault')
    expect(faultOf(signAgain(carrier, request, '{}', new Date(now.getTime() + 301_000)))).toContain('seconds off')
  })

  it('without a word of what it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom(0, 1, 2), (value, which) => {
        const canary = random.base62(20)
        const fields = good.map((field, i) =>
          i === which ? ([field[0], `HMAC id=${canary}${value}`] as const) : field,
        )
        expect(faultOf(signAgain(carrier, requestOf(fields)))).not.toContain(canary)
      }),
    )
  })
})

describe('a key that is decoded before it signs', () => {
  it.each(['base64', 'hex'] as const)('has a phantom that is decoded as well: %s', (encoding) => {
    const carrier = open({ hmac: 'sha256', message: '{method}', field: 'S', key_encoding: encoding })
    for (const length of [1, 23, 44, 88]) {
      const stand = Buffer.from(carrier.phantom?.(random, length) ?? '')
      const decoded = Buffer.from(stand.toString(), encoding)
      expect(decoded.toString(encoding)).toBe(stand.toString())
      expect(stand.length).toBeGreaterThanOrEqual(length)
      const real = Buffer.from(Buffer.from(random.base62(33)).toString(encoding))
      const read = carrier.read(requestOf([['s', sign(decoded, 'POST').digest('hex')]]), now)
      if (!read || 'fault' in read) throw new Error('not read')
      expect(read.sign(stand, (use) => use(real), Buffer.alloc(0))).toEqual({
        fields: [{ index: 0, value: sign(Buffer.from(real.toString(), encoding), 'POST').digest('hex') }],
      })
      expect(read.sign(stand, (use) => use(Buffer.from('not~decodable')), Buffer.alloc(0))).toEqual({
        fault: `the key is not written in ${encoding}, as its carrier says`,
      })
    }
  })
})

it('accepts base64url with padding, and writes it so', () => {
  const carrier = open({ hmac: 'sha256', message: '{method}', field: 'S', encoding: 'base64url' })
  for (const padding of ['', '=']) {
    const request = requestOf([['s', sign(phantom, 'POST').digest('base64url') + padding]])
    const value = sign(key, 'POST').digest('base64url') + padding
    expect(signAgain(carrier, request)).toEqual({ fields: [{ index: 0, value }] })
  }
})

describe('parameters that do not fit together are refused', () => {
  it.each<[Record<string, string>, string]>([
    [{ message: 'fixed' }, '`message` is the same for every request'],
    [{ message: '' }, '`message` is the same for every request'],
    [{ message: '{methd}' }, '`message` has {methd}, which means nothing'],
    [{ message: '{constructor}' }, '`message` has {constructor}'],
    [{ message: '{method:x}' }, '`message` has {method:x}'],
    [{ message: '{body:sha257:hex}' }, '`message` has {body:sha257:hex}'],
    [{ message: '{body:sha256}' }, '`message` has {body:sha256}'],
    [{ message: '{body:sha256:hex:x}' }, '`message` has {body:sha256:hex:x}'],
    [{ message: '{field}' }, '`message` has {field}'],
    [{ message: '{field:a b}' }, '`message` has {field:a b}'],
    [{ message: '{field:X-Signature}' }, '`message` has the field of the signature itself'],
    [{ message: '{method' }, '`message` has a { that opens or closes nothing'],
    [{ message: 'method}' }, '`message` has a } that opens or closes nothing'],
    [{ message: '{method}\\q' }, '`message` has \\q, which means nothing'],
    [{ message: '{method}\\' }, '`message` has a \\ that opens or closes nothing'],
    [{ value: 'HMAC' }, '`value` has no {signature}'],
    [{ value: '{signature}{signature}' }, '`value` has a placeholder twice'],
    [{ value: '{signature} {method}' }, '`value` has {method}'],
    [{ value: '{signature} {toString}' }, '`value` has {toString}'],
    [{ message: '{time}' }, '`message` has {time}, and neither'],
    [{ message: '{nonce}' }, '`message` has {nonce}, and neither'],
    [{ time: 'X-Time' }, '`message` does not have {time}'],
    [{ nonce: 'X-Nonce' }, '`message` does not have {nonce}'],
    [{ value: '{time}{signature}' }, '`message` does not have {time}'],
    [{ message: '{time}', time: 'X-Time', value: '{time}{signature}' }, '`time` names a field and `value` has {time}'],
    [{ message: '{time}', time: 'x-signature' }, '`time` is the field of the signature'],
    [{ tolerance: '60' }, '`time_format` and `tolerance` are for a time'],
    [{ time_format: 'ms' }, '`time_format` and `tolerance` are for a time'],
  ])('%j', (parameters, problem) =>
    expect(() => open({ hmac: 'sha256', message: '{method}', field: 'X-Signature', ...parameters })).toThrow(problem),
  )
})
