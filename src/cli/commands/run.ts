import { buildCommand } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'

interface RunFlags {
  readonly config?: string
  readonly ready?: string
  readonly strict: boolean
}

export const run: CommandSpec = {
  id: 'run',
  brief: 'Start an app without its keys, with a mutual-TLS door in front and a key-injecting door behind',
  target: buildCommand<RunFlags, string[], World>({
    loader: async () => {
      const { becomeGateway, prepareLaunch } = await import('../../run/launch.ts')
      return async function (this: World, { config, ready, strict }: RunFlags, ...command: string[]) {
        const launch = await prepareLaunch({
          command,
          strict,
          directory: this.directory,
          environment: this.environment,
          ...(config === undefined ? {} : { config }),
          ...(ready === undefined ? {} : { ready }),
        })
        becomeGateway(launch, new URL('../../run/gateway.entry.ts', import.meta.url))
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
        ready: {
          kind: 'parsed',
          parse: String,
          optional: true,
          brief: 'Write the opened addresses to this file as JSON',
          placeholder: 'FILE',
        },
        strict: {
          kind: 'boolean',
          default: false,
          withNegated: false,
          brief: 'Do not start when a protection is missing',
        },
      },
      positional: {
        kind: 'array',
        parameter: { brief: 'The command and its arguments, behind --', parse: String, placeholder: 'command' },
      },
    },
    docs: {
      brief: 'Start an app without its keys',
      customUsage: ['-- ruby app.rb', '--config sallyport.yaml -- bundle exec puma'],
    },
  }),
}
