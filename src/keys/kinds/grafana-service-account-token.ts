import { crc32 } from 'node:zlib'
import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Every stack of Grafana Cloud has a host of its own below this one; a server of one's own is named under `hosts`. */
export const grafanaServiceAccountToken: KeyKind = {
  id: 'grafana-service-account-token',
  title: 'Grafana service account token',
  use: 'travels',
  shape: {
    prefixes: ['glsa_'],
    pattern: /glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}/,
    checksum: (text) => text.slice(-8) === checksum(text.slice(0, -9)),
  },
  hosts: ['*.grafana.net'],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: [
    'GRAFANA_SERVICE_ACCOUNT_TOKEN',
    'GRAFANA_TOKEN',
    'GRAFANA_API_KEY',
    'GRAFANA_API_TOKEN',
    'GRAFANA_AUTH',
  ],
  baseUrls: [{ variable: 'GRAFANA_URL', path: '' }],
  example: (random) => withChecksum(`glsa_${random.base62(32)}`),
  phantom: (random, like) => withChecksum(`glsa_${markedBase62(random, like.length - 14)}`),
  documentation: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
}

function withChecksum(text: string): string {
  return `${text}_${checksum(text)}`
}

/** CRC-32 of all that stands before it, little-endian, in hexadecimal. */
function checksum(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(crc32(text))
  return bytes.toString('hex')
}
