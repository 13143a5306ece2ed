import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'classic Sinatra that asks whatever host it is told, on Puma',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { RELAY_TOKEN: 'github-personal-token', HOOK_TOKEN: 'github-personal-token' },
  environment: { MAIN_URL: '{upstream}' },
  leaks: [
    {
      finding: 'app.rb:14 request-forgery-with-key',
      asks: [{ path: '/relay?to={other}/taken' }],
      seen: 'other host',
      holds: { key: 'RELAY_TOKEN' },
    },
    {
      finding: 'app.rb:24 request-forgery-with-key',
      asks: [{ method: 'POST', path: '/hook', content: '{"target":"{other}/taken"}' }],
      seen: 'other host',
      holds: { key: 'HOOK_TOKEN' },
    },
    {
      finding: 'app.rb:28 request-forgery',
      asks: [{ path: '/alive?host={otherAuthority}' }],
      seen: 'other host',
      holds: { text: '/alive' },
    },
  ],
}
