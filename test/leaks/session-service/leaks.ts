import { createHmac } from 'node:crypto'
import type { LeakingApp } from '../leaking-app.ts'

/** A session of the administrator, signed with the word that stands in the source. */
const session = Buffer.from(JSON.stringify({ session_id: 'chosen', user: 'admin' })).toString('base64')
const cookie = `desk=${encodeURIComponent(`${session}--${createHmac('sha1', 'change_me').update(session).digest('hex')}`)}`

export const app: LeakingApp = {
  title: 'classic Sinatra whose sessions are signed with a default',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { SESSION_SECRET: 'google-api-key' },
  leaks: [
    {
      finding: 'app.rb:4 session-secret-weak',
      asks: [{ path: '/desk', fields: { cookie } }],
      seen: 'content',
      holds: { text: 'the desk of the administrator' },
    },
  ],
}
