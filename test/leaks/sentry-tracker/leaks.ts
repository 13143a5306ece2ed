import type { LeakingApp } from '../leaking-app.ts'

const holds = { key: 'SEARCH_API_KEY' }

export const app: LeakingApp = {
  title: 'Sinatra with Sentry, whose tracker is the stub upstream',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { SEARCH_API_KEY: 'google-api-key' },
  environment: { TRACKER_URL: '{upstream}' },
  leaks: [
    { finding: 'app.rb:28 key-in-telemetry', asks: [{ path: '/search' }], seen: 'upstream content', holds },
    { finding: 'app.rb:38 key-in-telemetry', asks: [{ path: '/index' }], seen: 'upstream content', holds },
    { finding: 'app.rb:44 key-in-telemetry', asks: [{ path: '/trail' }], seen: 'upstream content', holds },
  ],
}
