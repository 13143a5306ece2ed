import type { Model } from '../model.ts'

/** JSON Web Tokens: what they are signed with. What is in them anybody can read. */
export const jwt: Model = {
  id: 'jwt',
  title: 'jwt',
  calls: [
    {
      on: ['JWT'],
      names: ['encode', 'decode'],
      sink: { kind: 'signing', takes: { positions: [1] }, says: 'signs tokens' },
    },
  ],
  documentation: 'https://github.com/jwt/ruby-jwt',
}
