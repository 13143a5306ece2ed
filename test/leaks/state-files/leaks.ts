import type { LeakingApp } from '../leaking-app.ts'

const asks: LeakingApp['leaks'][number]['asks'] = []
const holds = { key: 'SYNC_TOKEN' }

export const app: LeakingApp = {
  title: 'a program that keeps its state in files of five sorts',
  command: ['ruby', 'sync.rb'],
  keys: { SYNC_TOKEN: 'github-personal-token' },
  leaks: [
    { finding: 'sync.rb:18 key-in-file', asks, seen: 'file session.json', holds },
    { finding: 'sync.rb:21 key-in-file', asks, seen: 'file sync.env', holds },
    { finding: 'sync.rb:25 key-in-file', asks, seen: 'file state.yml', holds },
    { finding: 'sync.rb:33 key-in-file', asks, seen: 'file calls.csv', holds },
  ],
  notSeen: { 'sync.rb:29 key-in-file': 'the file of a PStore is no text, and the test reads texts' },
}
