import type { Model } from '../model.ts'

/** JSON Web Tokens: what they are signed with, which is not in them, and what is in them, which anybody can read. */
export const jwt: Model = {
  id: 'jwt',
  title: 'jwt',
  calls: [
    {
      on: ['JWT'],
      names: ['encode', 'decode'],
      sink: { kind: 'signing', takes: { positions: [1] }, says: 'signs tokens' },
    },
    { on: ['JWT'], names: ['encode'], gives: ['argument itself'] },
  ],
  documentation: 'https://github.com/jwt/ruby-jwt',
}
