import type { LeakingApp } from '../leaking-app.ts'

const key = { key: 'VISITS_API_KEY' }
const inContent = { seen: 'content', holds: key } as const

export const app: LeakingApp = {
  title: 'Sinatra with cookies, redirects and dumps of its environment, on Puma',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { VISITS_API_KEY: 'stripe-secret-key' },
  leaks: [
    { finding: 'app.rb:19 key-in-cookie', asks: [{ path: '/remember' }], seen: 'field set-cookie', holds: key },
    { finding: 'app.rb:20 key-in-cookie', asks: [{ path: '/remember' }], seen: 'field set-cookie', holds: key },
    { finding: 'app.rb:25 key-in-redirect', asks: [{ path: '/map' }], seen: 'field location', holds: key },
    {
      finding: 'app.rb:28 caller-credential-in-response',
      asks: [{ path: '/cookies', fields: { cookie: 'session_token=abcdef0123' } }],
      seen: 'content',
      holds: { text: 'abcdef0123' },
    },
    { finding: 'app.rb:29 settings-in-response', asks: [{ path: '/env' }], ...inContent },
    { finding: 'app.rb:30 settings-in-response', asks: [{ path: '/env/VISITS_API_KEY' }], ...inContent },
    { finding: 'app.rb:31 settings-in-response', asks: [{ path: '/process' }], ...inContent },
    { finding: 'app.rb:32 settings-in-response', asks: [{ path: '/printenv' }], ...inContent },
  ],
  notSeen: {
    'app.rb:7 session-cookie-without-flags': 'what is wrong is a word that the cookie does not have',
    'app.rb:14 key-in-session': 'the session’s cookie holds it in Base64, which these channels do not decode',
  },
}
