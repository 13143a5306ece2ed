import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'classic Sinatra that serves its own folder',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: {},
  leaks: [
    {
      finding: 'app.rb:4 private-files-in-public-folder',
      asks: [{ path: '/app.rb' }],
      seen: 'content',
      holds: { text: 'TARIFF = {' },
    },
  ],
}
