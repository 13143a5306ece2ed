import type { LeakingApp } from '../leaking-app.ts'

/** `Marshal.dump` of a text: an object that the client has chosen, though not one that runs code. */
const state = Buffer.from('\x04\bI"\x13chosen outside\x06:\x06ET', 'latin1').toString('base64')

export const app: LeakingApp = {
  title: 'a Rack app that evaluates what it is sent',
  command: ['ruby', '/usr/bin/rackup', '-o', '127.0.0.1', '-p', '{port}', '-s', 'webrick', '-E', 'none', 'config.ru'],
  keys: { REPORTS_API_KEY: 'google-api-key' },
  leaks: [
    {
      finding: 'app.rb:25 code-from-input',
      asks: [{ path: '/formula?formula=ENV.to_h' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:26 code-from-input',
      asks: [{ path: '/preview?template=%3C%25%3D%20ENV.to_h%20%25%3E' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:27 code-from-input',
      asks: [{ path: '/report?kind=instance_eval&text=ENV.to_h' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:28 object-from-input',
      asks: [{ path: `/state?state=${encodeURIComponent(state)}` }],
      seen: 'content',
      holds: { text: 'chosen outside' },
    },
  ],
}
