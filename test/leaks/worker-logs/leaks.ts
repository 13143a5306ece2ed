import type { LeakingApp } from '../leaking-app.ts'

const asks: LeakingApp['leaks'][number]['asks'] = []
const holds = { key: 'LEDGER_API_KEY' }

export const app: LeakingApp = {
  title: 'a worker in two files, with a Logger and standard output',
  command: ['ruby', 'worker.rb'],
  keys: { LEDGER_API_KEY: 'stripe-secret-key' },
  environment: { LEDGER_URL: '{upstream}' },
  leaks: [
    { finding: 'ledger.rb:16 key-in-log', asks, seen: 'file worker.log', holds },
    { finding: 'worker.rb:15 key-in-log', asks, seen: 'output', holds },
    { finding: 'worker.rb:18 key-in-log', asks, seen: 'output', holds },
  ],
}
