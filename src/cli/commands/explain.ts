import { buildCommand } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'

export const explain: CommandSpec = {
  id: 'explain',
  brief: 'Say what a rule finds, why it matters and what to do',
  target: buildCommand<Record<never, never>, [rule?: string], World>({
    docs: {
      brief: 'Say what a rule finds, why it matters and what to do',
      fullDescription: 'With the id of a rule, explains it with examples. Without one, lists the rules.',
    },
    parameters: {
      positional: {
        kind: 'tuple',
        parameters: [
          { brief: 'Id of a rule, as findings name it', parse: String, placeholder: 'RULE', optional: true },
        ],
      },
    },
    loader: async () => {
      const { runExplain } = await import('../run-explain.ts')
      return runExplain
    },
  }),
}
