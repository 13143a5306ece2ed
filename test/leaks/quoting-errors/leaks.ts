import type { LeakingApp } from '../leaking-app.ts'

const asks: LeakingApp['leaks'][number]['asks'] = []

export const app: LeakingApp = {
  title: 'a script whose exceptions quote its keys',
  command: ['ruby', 'import.rb'],
  keys: { IMPORT_API_KEY: 'stripe-secret-key', IMPORT_CREDENTIALS: 'github-personal-token' },
  leaks: [
    { finding: 'import.rb:12 key-in-log', asks, seen: 'output', holds: { key: 'IMPORT_CREDENTIALS' } },
    { finding: 'import.rb:21 key-in-log', asks, seen: 'output', holds: { text: 'the key sk_' } },
    { finding: 'import.rb:31 key-in-log', asks, seen: 'output', holds: { text: 'no answer to sk_' } },
  ],
}
