import type { LeakingApp } from '../leaking-app.ts'

const asks: LeakingApp['leaks'][number]['asks'] = []
const holds = { key: 'DEPLOY_TOKEN' }

export const app: LeakingApp = {
  title: 'a script that starts other programs',
  command: ['ruby', 'deploy.rb'],
  keys: { DEPLOY_TOKEN: 'github-personal-token' },
  programs: ['announce', 'push', 'check', 'watch'],
  leaks: [
    { finding: 'deploy.rb:12 key-in-command', asks, seen: 'arguments', holds },
    { finding: 'deploy.rb:16 key-in-command', asks, seen: 'arguments', holds },
    { finding: 'deploy.rb:21 key-in-command', asks, seen: 'arguments', holds },
    { finding: 'deploy.rb:28 key-in-command', asks, seen: 'arguments', holds },
  ],
}
