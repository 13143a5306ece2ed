import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

/** The form's version, and the first digit of the user's number, which is public. */
const prefixes = ['1', '2'].flatMap((version) => [...'0123456789'].map((digit) => `${version}/${digit}`))

export const asanaAccessToken: KeyKind = {
  id: 'asana-access-token',
  title: 'Asana personal access token',
  use: 'travels',
  shape: {
    prefixes,
    pattern: /(?<![0-9])1\/[0-9]{10,40}:[0-9a-f]{32}|2\/[0-9]{10,20}\/[0-9]{10,20}:[0-9a-f]{32}/,
  },
  hosts: ['app.asana.com'],
  carriers: [bearerCarrier],
  environment: ['ASANA_ACCESS_TOKEN', 'ASANA_PERSONAL_ACCESS_TOKEN', 'ASANA_PAT', 'ASANA_TOKEN', 'ASANA_API_KEY'],
  example: (random) => `2/1${random.digits(15)}/1${random.digits(15)}:${random.hex(32)}`,
  phantom(random, { prefix, length }) {
    const tail = `:${markedHex(random, 32)}`
    const left = length - prefix.length - tail.length
    if (prefix.startsWith('1')) return prefix + '0'.repeat(Math.max(left, 9)) + tail
    const second = Math.max(Math.floor(left / 2), 10)
    return `${prefix}${'0'.repeat(Math.max(left - second - 1, 9))}/${'0'.repeat(second)}${tail}`
  },
  documentation: 'https://developers.asana.com/docs/personal-access-token',
}
