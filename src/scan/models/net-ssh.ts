import type { Model } from '../model.ts'

/** Commands on other machines. SSHKit's `execute` is not modelled: migrations have a word of the same name. */
export const netSsh: Model = {
  id: 'net-ssh',
  title: 'Net::SSH',
  calls: [
    { on: ['Net::SSH'], names: ['start'], type: 'ssh', blockTakes: ['ssh'] },
    {
      on: ['ssh'],
      names: ['exec', 'exec!'],
      sink: { kind: 'command', takes: { positions: [0] }, says: 'run as a command on another machine' },
    },
  ],
  documentation: 'https://net-ssh.github.io/net-ssh/',
}
