import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basicCarrier } from './carriers/basic.ts'
import { bearerCarrier } from './carriers/bearer.ts'
import { headerCarrier } from './carriers/header.ts'

const phantom = Buffer.from('phantom-0123456789')
const cases = [
  ['bearer', bearerCarrier, (secret: string) => `Bearer ${secret}`],
  ['header', headerCarrier('X-Api-Key'), (secret: string) => secret],
  ['header with prefix', headerCarrier('Authorization', 'token '), (secret: string) => `token ${secret}`],
  ['basic user', basicCarrier('user'), (secret: string) => `Basic ${btoa(`${secret}:`)}`],
  ['basic password', basicCarrier('password'), (secret: string) => `Basic ${btoa(`api:${secret}`)}`],
] as const

describe.each(cases)('%s', (_name, carrier, write) => {
  it('puts the key where the phantom stood, and nothing else', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-9;-~]{1,80}$/), (key) => {
        const received = Buffer.from(write(phantom.toString()))
        expect(carrier.carries(received, phantom)).toBe(true)
        const into = Buffer.alloc(carrier.lengthMax(received.length, key.length) + 3, 0x2e)
        const end = carrier.write(into, 3, Buffer.from(key), received)
        expect(into.subarray(3, end).toString()).toBe(write(key))
        expect(into.subarray(end).every((byte) => byte === 0x2e)).toBe(true)
      }),
    )
  })

  it.each([
    '',
    'Bearer',
    'Basic',
    'Basic !!',
    write('other-0123456789-x'),
    `${write(phantom.toString())} `,
    write(`${phantom}x`),
  ])('does not take %j for the phantom', (value) => expect(carrier.carries(Buffer.from(value), phantom)).toBe(false))
})

it('takes a bearer scheme in any case and with several spaces', () => {
  expect(bearerCarrier.carries(Buffer.from(`bEARER   ${phantom}`), phantom)).toBe(true)
})
