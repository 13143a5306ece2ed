import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const dropboxAccessToken: KeyKind = {
  id: 'dropbox-access-token',
  title: 'Dropbox access token',
  use: 'travels',
  shape: { prefixes: ['sl.u.', 'sl.'], pattern: /sl\.(?:u\.)?[0-9A-Za-z_-]{120,2000}/ },
  // A token of before 2021, which does not expire.
  fits: /[0-9A-Za-z_-]{64}/,
  hosts: ['api.dropboxapi.com', 'content.dropboxapi.com', 'notify.dropboxapi.com'],
  carriers: [bearerCarrier],
  environment: ['DROPBOX_ACCESS_TOKEN', 'DROPBOX_TOKEN', 'DROPBOX_API_TOKEN'],
  example: (random) => `sl.u.${random.base62(1300)}`,
  phantom: (random, like) => like.prefix + markedBase62(random, like.length - like.prefix.length),
  documentation: 'https://www.dropbox.com/developers/reference/auth-types',
}
