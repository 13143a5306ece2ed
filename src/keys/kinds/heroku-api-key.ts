import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedUuid } from '../random.ts'

const prefix = 'HRKU-'
const uuidLength = 36

export const herokuApiKey: KeyKind = {
  id: 'heroku-api-key',
  title: 'Heroku API key',
  use: 'travels',
  shape: {
    prefixes: ['HRKU-'],
    pattern:
      /HRKU-(?:AA[0-9A-Za-z_-]{58}|AA[0-9A-Za-z_-]{42}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/,
  },
  fits: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  hosts: ['api.heroku.com', 'git.heroku.com', 'registry.heroku.com'],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: ['HEROKU_API_KEY', 'HEROKU_API_TOKEN', 'HEROKU_KEY', 'HEROKU_TOKEN', 'HEROKU_OAUTH_TOKEN'],
  example: (random) => `HRKU-AA${random.base62(58)}`,
  phantom(random, like) {
    if (like.prefix === '') return markedUuid(random)
    if (like.length === prefix.length + uuidLength) return prefix + markedUuid(random)
    return `${prefix}AA${markedBase62(random, like.length - 7)}`
  },
  documentation: 'https://devcenter.heroku.com/articles/authentication',
}
