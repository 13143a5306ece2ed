import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'modular Sinatra: several files, an extension, helpers, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', 'config.ru'],
  keys: { LEDGER_TOKEN: 'stripe-secret-key' },
  environment: { LEDGER_URL: '{upstream}', RACK_ENV: 'production' },
  leaks: [
    {
      finding: 'app.rb:19 upstream-body-passed-through',
      asks: [{ path: '/orders' }],
      seen: 'content',
      holds: { key: 'LEDGER_TOKEN' },
    },
    {
      finding: 'app.rb:23 key-in-response',
      asks: [{ path: '/about' }],
      seen: 'content',
      holds: { key: 'LEDGER_TOKEN' },
    },
    {
      finding: 'routes/operators.rb:8 key-in-field',
      asks: [{ path: '/operators/ledger' }],
      seen: 'field x-ledger-token',
      holds: { key: 'LEDGER_TOKEN' },
    },
    {
      finding: 'routes/operators.rb:13 error-detail-in-response',
      asks: [{ path: '/operators/fail?id=seven' }],
      seen: 'content',
      holds: { text: 'no entry for seven' },
    },
  ],
}
