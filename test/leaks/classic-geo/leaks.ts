import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'classic Sinatra, one file, on Puma',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { GEO_API_KEY: 'google-api-key' },
  environment: { GEO_URL: '{upstream}' },
  leaks: [
    {
      finding: 'app.rb:12 key-in-url',
      asks: [{ path: '/place?q=Paris' }],
      seen: 'upstream target',
      holds: { key: 'GEO_API_KEY' },
    },
    {
      finding: 'app.rb:15 key-in-exception',
      asks: [{ path: '/place?q=%C3%A9' }],
      seen: 'content',
      holds: { key: 'GEO_API_KEY' },
    },
    {
      finding: 'app.rb:15 error-detail-in-response',
      asks: [{ path: '/place?q=%C3%A9' }],
      seen: 'content',
      holds: { text: 'app.rb:12' },
    },
    {
      finding: 'app.rb:20 key-in-field',
      asks: [{ path: '/version' }],
      seen: 'field x-geo-key',
      holds: { key: 'GEO_API_KEY' },
    },
  ],
  notSeen: { 'app.rb:8 key-constant': 'memory is read by test/gateway/memory.test.ts, not here' },
}
