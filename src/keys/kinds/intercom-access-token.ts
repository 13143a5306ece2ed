import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, randomUuid } from '../random.ts'

/** Base64 of `tok:`, a UUID with underscores, and two numbers. */
export const intercomAccessToken: KeyKind = {
  id: 'intercom-access-token',
  title: 'Intercom access token',
  use: 'travels',
  shape: { prefixes: ['dG9rO'], pattern: /dG9rO[0-9A-Za-z+/]{54}=/ },
  hosts: ['api.intercom.io', 'api.eu.intercom.io', 'api.au.intercom.io'],
  carriers: [bearerCarrier],
  environment: ['INTERCOM_ACCESS_TOKEN', 'INTERCOM_TOKEN', 'INTERCOM_API_KEY'],
  example: (random) => btoa(`tok:${randomUuid(random).replaceAll('-', '_')}:1:0`),
  phantom: (random, like) => `dG9rO${markedBase62(random, like.length - 6)}=`,
  documentation: 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication',
}
