import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const dopplerToken: KeyKind = {
  id: 'doppler-token',
  title: 'Doppler token',
  use: 'travels',
  shape: {
    prefixes: ['dp.st.', 'dp.pt.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    pattern:
      /dp\.(?:pt|ct|sa|scim|audit)\.[0-9A-Za-z]{40,44}|dp\.st\.[0-9A-Za-z]{40,44}|dp\.st\.[0-9a-z_-]{2,40}\.[0-9A-Za-z]{40,44}/,
  },
  hosts: ['api.doppler.com'],
  carriers: [bearerCarrier, basicCarrier('user')],
  environment: ['DOPPLER_TOKEN', 'DOPPLER_SERVICE_TOKEN'],
  baseUrls: [{ variable: 'DOPPLER_API_HOST', path: '' }],
  example: (random) => `dp.st.prd.${random.base62(43)}`,
  phantom: (random, { prefix, length }) => {
    const rest = length - prefix.length
    // A service token names its configuration, which nobody but the issuer reads.
    const configuration = rest > 44 ? `${'phantom'.padEnd(rest - 41, '_').slice(0, rest - 41)}.` : ''
    return prefix + configuration + markedBase62(random, rest - configuration.length)
  },
  documentation: 'https://docs.doppler.com/reference/auth-token-formats',
}
