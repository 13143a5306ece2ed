import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'modular Sinatra with a client class over Net::HTTP, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', '-t', '1:2', 'config.ru'],
  keys: { LEDGER_TOKEN: 'github-personal-token' },
  environment: { LEDGER_URL: '{unverified}' },
  leaks: [
    {
      finding: 'lib/ledger.rb:21 outgoing-tls-unverified',
      asks: [{ path: '/balance/7' }],
      seen: 'unverified upstream',
      holds: { key: 'LEDGER_TOKEN' },
    },
    {
      finding: 'lib/ledger.rb:24 http-debug-output',
      asks: [{ path: '/balance/7' }],
      seen: 'output',
      holds: { key: 'LEDGER_TOKEN' },
    },
  ],
}
