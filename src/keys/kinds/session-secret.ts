import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

/** What a framework signs and encrypts sessions, cookies and credentials with: any text, known by its variable. */
export const sessionSecret: KeyKind = {
  id: 'session-secret',
  title: 'session secret',
  use: 'stays',
  fits: /[0-9a-f]{32,128}/,
  hosts: [],
  carriers: [],
  environment: [
    'SECRET_KEY_BASE',
    'SESSION_SECRET',
    'SESSION_KEY',
    'SECRET_TOKEN',
    'COOKIE_SECRET',
    'RAILS_MASTER_KEY',
    'DJANGO_SECRET_KEY',
    'SECRET_KEY',
    'FLASK_SECRET_KEY',
    'NEXTAUTH_SECRET',
    'AUTH_SECRET',
    'APP_KEY',
    'APP_SECRET',
    'RACK_SESSION_SECRET',
    'DEVISE_SECRET_KEY',
  ],
  example: (random) => random.hex(128),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://guides.rubyonrails.org/security.html#sessions',
}
