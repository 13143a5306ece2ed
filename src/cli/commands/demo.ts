import { buildCommand } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'
import type { DemoFlags } from '../show-demo.ts'

export const demo: CommandSpec = {
  id: 'demo',
  brief: 'Take a sample service through all of it, and measure what changed',
  target: buildCommand<DemoFlags, [], World>({
    loader: async () => {
      const { showDemo } = await import('../show-demo.ts')
      return async function (this: World, flags: DemoFlags) {
        await showDemo(this, flags)
      }
    },
    parameters: {
      flags: {
        app: { kind: 'enum', values: ['sinatra', 'node'], default: 'sinatra', brief: 'The sample service' },
        format: { kind: 'enum', values: ['text', 'json'], default: 'text', brief: 'For people or for programs' },
        keep: {
          kind: 'boolean',
          default: false,
          withNegated: false,
          brief: 'Leave the folder with its logs and reports, and say where it is',
        },
      },
    },
    docs: {
      brief: 'Take a sample service through all of it, and measure what changed',
      fullDescription:
        'Scans a service that holds an API key, starts it as it is and under sallyport run, and measures both: the prober, /proc, memory, the log, error pages, the service’s own tests. Everything happens on this machine, in a temporary folder, with a key made for it. As root on Debian or Ubuntu it installs Ruby and Sinatra first where they are missing. Exit code 0: every claim held; 1: one did not; 2: it could not be shown.',
    },
  }),
}
