import type { LeakingApp } from '../leaking-app.ts'

const shown = { seen: 'content', holds: { key: 'MAPS_API_KEY' } } as const

export const app: LeakingApp = {
  title: 'Sinatra with ERB, Haml and Slim, on Puma',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { MAPS_API_KEY: 'google-api-key' },
  leaks: [
    { finding: 'views/map.erb:3 key-in-template', asks: [{ path: '/' }], ...shown },
    { finding: 'views/list.haml:4 key-in-template', asks: [{ path: '/list' }], ...shown },
    { finding: 'views/form.slim:2 key-in-template', asks: [{ path: '/form' }], ...shown },
    { finding: 'app.rb:13 key-in-template', asks: [{ path: '/plain' }], ...shown },
  ],
}
