import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'classic Sinatra that logs what its callers sign in with',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: {},
  leaks: [
    {
      finding: 'app.rb:14 access-log-with-query',
      asks: [{ path: '/orders?api_key=of-the-first-caller' }],
      seen: 'output',
      holds: { text: 'of-the-first-caller' },
    },
    {
      finding: 'app.rb:20 credential-in-log',
      asks: [{ path: '/invoices', fields: { authorization: 'Bearer of-the-second-caller' } }],
      seen: 'output',
      holds: { text: 'of-the-second-caller' },
    },
  ],
}
