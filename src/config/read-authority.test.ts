import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileAuthorityPattern } from '../policy/authority-pattern.ts'
import { covers, readAddress, readAuthority, readBlock } from './read-authority.ts'

const authority = (text: string) => {
  const reading = readAuthority(text, { wildcard: true })
  return 'value' in reading ? reading.value : 'refused'
}

describe('an authority', () => {
  it.each([
    ['API.Stripe.com', 'api.stripe.com:443'],
    ['api.stripe.com:8443', 'api.stripe.com:8443'],
    ['*.api.openai.com', '*.api.openai.com:443'],
    ['127.0.0.1:8443', '127.0.0.1:8443'],
    ['[2001:DB8::0:1]', '[2001:db8::1]:443'],
    ['[::1]:9000', '[::1]:9000'],
    ['localhost', 'localhost:443'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example:443'],
  ])('%s is %s', (text, value) => expect(authority(text)).toBe(value))

  it.each([
    '',
    'https://api.stripe.com',
    'http://api.stripe.com',
    'api.stripe.com/v1',
    'user@api.stripe.com',
    'api.stripe.com?x',
    'api.stripe.com#x',
    'api.stripe.com\\evil',
    'api stripe.com',
    'api.stripe.com.',
    'api..stripe.com',
    '.stripe.com',
    '-a.stripe.com',
    'bücher.example',
    '*',
    '*.com',
    'api.*.com',
    '**.example.com',
    'api.stripe.com:0',
    'api.stripe.com:65536',
    'api.stripe.com:',
    'api.stripe.com:80',
    'api.stripe.com:443:443',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0x7f000001',
    '256.1.1.1',
    '::1',
    '[::1',
    '[fe80::1%eth0]',
    '[127.0.0.1]',
  ])('%j is refused', (text) => expect(authority(text)).toBe('refused'))

  it('is read again as itself', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/)
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 81, max: 65_535 }),
        (labels, port) => {
          const canonical = authority(`${labels.join('.')}:${port}`)
          expect(authority(canonical)).toBe(canonical)
          expect(authority(canonical.toUpperCase())).toBe(canonical)
        },
      ),
    )
  })

  it('is one that the policy can compile, when it is read at all', () => {
    const part = fc.constantFrom(
      'a',
      'B',
      '-',
      '_',
      '.',
      '*',
      '*.',
      ':',
      '8443',
      '[',
      ']',
      '::1',
      '1',
      '127.0.0.1',
      'xn--a',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const reading = readAuthority(parts.join(''), { wildcard: true })
        if ('value' in reading) expect(compileAuthorityPattern(reading.value)).toHaveProperty('pattern')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is read or refused, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof authority(text) === 'string'))
  })
})

it.each([
  ['*.example.com:443', 'a.example.com:443', true],
  ['*.example.com:443', 'a.b.example.com:443', true],
  ['*.example.com:443', '*.b.example.com:443', true],
  ['*.example.com:443', 'example.com:443', false],
  ['*.example.com:443', 'a.example.com:8443', false],
  ['*.example.com:443', 'aexample.com:443', false],
  ['a.example.com:443', '*.example.com:443', false],
])('%s covers %s: %s', (pattern, text, expected) => expect(covers(pattern, text)).toBe(expected))

it.each([
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:8443', { host: '::1', port: 8443 }],
  ['localhost:80', { host: 'localhost', port: 80 }],
  ['8443', undefined],
  [':8443', undefined],
  ['127.0.0.1', undefined],
  ['::1:8443', undefined],
])('the address %s is %j', (text, value) => {
  const reading = readAddress(text, { anyPort: true })
  expect('value' in reading ? reading.value : undefined).toEqual(value)
})

it.each([
  ['127.0.0.0/8', '127.0.0.0/8'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['FD00::/8', 'fd00::/8'],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0/', undefined],
  ['10.0.0.0/8/8', undefined],
  ['example.com', undefined],
])('the block %s is %s', (text, value) => {
  const reading = readBlock(text)
  expect('value' in reading ? reading.value : undefined).toBe(value)
})
