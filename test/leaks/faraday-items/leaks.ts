import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'classic Sinatra with a Faraday connection in a helper, on Puma',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { ITEMS_TOKEN: 'github-personal-token', SEARCH_TOKEN: 'github-personal-token' },
  environment: { ITEMS_URL: '{unverified}' },
  leaks: [
    {
      finding: 'app.rb:10 outgoing-tls-unverified',
      asks: [{ path: '/items/7' }],
      seen: 'unverified upstream',
      holds: { key: 'ITEMS_TOKEN' },
    },
    {
      finding: 'app.rb:12 http-debug-output',
      asks: [{ path: '/items/7' }],
      seen: 'output',
      holds: { key: 'ITEMS_TOKEN' },
    },
    {
      finding: 'app.rb:24 key-in-url',
      asks: [{ path: '/search?q=a' }],
      seen: 'unverified upstream',
      holds: { key: 'SEARCH_TOKEN' },
    },
  ],
}
