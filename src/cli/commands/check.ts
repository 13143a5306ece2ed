import { buildCommand } from '@stricli/core'
import type { CheckFlags } from '../check-config.ts'
import type { CommandSpec, World } from '../command.ts'

export const check: CommandSpec = {
  id: 'check',
  brief: 'Check the configuration, and say in words what it means',
  target: buildCommand<CheckFlags, [], World>({
    loader: async () => {
      const { checkConfig } = await import('../check-config.ts')
      return async function (this: World, flags: CheckFlags) {
        await checkConfig(this, flags)
      }
    },
    parameters: {
      flags: {
        config: {
          kind: 'parsed',
          parse: String,
          optional: true,
          brief: 'Configuration file; sallyport.yaml beside you if there is one',
          placeholder: 'FILE',
        },
        format: { kind: 'enum', values: ['text', 'json'], default: 'text', brief: 'For people or for programs' },
        strict: { kind: 'boolean', default: false, withNegated: false, brief: 'Refuse what is only doubtful as well' },
      },
    },
    docs: {
      brief: 'Check the configuration, and say in words what it means',
      fullDescription:
        'Reads the configuration and every file that it names, and opens nothing. Exit code 2 with everything that is wrong.',
    },
  }),
}
