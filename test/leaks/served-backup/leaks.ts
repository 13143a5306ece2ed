import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'modular Sinatra with what was left in its public folder',
  command: ['ruby', '/usr/bin/rackup', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma', '-E', 'none', 'config.ru'],
  keys: {},
  leaks: [
    {
      finding: 'public/backup.sql:1 private-files-in-public-folder',
      asks: [{ path: '/backup.sql' }],
      seen: 'content',
      holds: { text: 'CREATE TABLE invoices' },
    },
    {
      finding: 'public/shop.rb~:1 private-files-in-public-folder',
      asks: [{ path: '/shop.rb~' }],
      seen: 'content',
      holds: { text: 'PRICES=winter' },
    },
  ],
}
