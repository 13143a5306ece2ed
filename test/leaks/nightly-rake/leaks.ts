import type { LeakingApp } from '../leaking-app.ts'

const asks: LeakingApp['leaks'][number]['asks'] = []
const holds = { key: 'REPORT_API_KEY' }

export const app: LeakingApp = {
  title: 'a Rakefile with a class, as a timer starts it',
  command: ['rake', 'nightly'],
  keys: { REPORT_API_KEY: 'stripe-secret-key' },
  programs: ['upload'],
  leaks: [
    { finding: 'Rakefile:8 key-in-command', asks, seen: 'arguments', holds },
    { finding: 'Rakefile:10 key-in-log', asks, seen: 'output', holds },
    { finding: 'lib/report.rb:9 key-in-file', asks, seen: 'file report.lock', holds },
  ],
}
