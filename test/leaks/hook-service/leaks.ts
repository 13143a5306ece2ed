import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'classic Sinatra that is called by a payment service',
  command: ['ruby', 'app.rb', '-o', '127.0.0.1', '-p', '{port}', '-s', 'puma'],
  keys: { WEBHOOK_SECRET: 'google-api-key', LINK_SECRET: 'google-api-key' },
  leaks: [
    {
      finding: 'app.rb:22 verification-result-unused',
      asks: [{ method: 'POST', path: '/hook', fields: { 'x-signature': 'none' }, content: 'paid' }],
      seen: 'content',
      holds: { text: 'the order is paid' },
    },
  ],
  notSeen: {
    'app.rb:9 signature-compared-with-equals': 'takes millions of requests and an average of their times',
    'app.rb:13 weak-hmac': 'takes a program that goes on with a digest from its state',
    'app.rb:17 weak-random-token': 'takes 624 outputs of the generator',
  },
}
