import type { Flow } from '../flow/flow-record.ts'
import { flowsAt } from '../flow/flows-at.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { withNamesFor } from '../flow/without-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInLog: Rule = {
  id: 'key-in-log',
  about: 'program',
  title: 'API key reaches a log',
  severity: 'high',
  cwe: 532,
  explanation: `A key is written to a log: through a logger, or to standard output or standard error, which a service manager or
a container runtime keeps as one.

Logs are read by more people than the service's secrets are, are shipped to other systems, and are kept for years. A key
that was logged once has to be replaced.

**Fix.** Log what happened and to which upstream, not with what. To tell keys apart in a log, give them names; if the value
itself has to be compared, log a keyed digest of it.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/charge' do\n  logger.info \"calling with #{ENV['STRIPE_API_KEY']}\"\n  'ok'\nend",
      "require 'logger'\nLOG = Logger.new($stdout)\ndef call_upstream(token)\n  LOG.debug(\"Authorization: Bearer #{token}\")\nend\ncall_upstream(ENV.fetch('SLACK_BOT_TOKEN'))",
      'headers = { \'Authorization\' => "Bearer #{ENV[\'OPENAI_API_KEY\']}" }\nputs "request headers: #{headers}"',
    ],
    good: [
      "require 'sinatra'\nget '/charge' do\n  logger.info 'calling stripe'\n  'ok'\nend",
      "warn 'STRIPE_API_KEY is not set' if ENV['STRIPE_API_KEY'].nil?",
      'puts "key of #{ENV[\'STRIPE_API_KEY\'].length} characters"',
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const keys = flow.sink === 'log' ? keysOf(flow, 'either') : []
      // What a program is started with is told as that, also where the line is repeated on standard output.
      if (keys.length === 0 || isToldAsCommand(flows, flow)) continue
      const quoted = keys.every(({ via }) => via) ? ' in the message of an exception' : ''
      const correction = keys.some(({ what }) => what === 'settings') ? undefined : withNamesFor(flow, keys)
      yield {
        ...flow,
        ...(correction === undefined ? {} : { correction }),
        message: `${inContext(flow.context)} writes ${keyNames(keys)} to a log${quoted}.`,
        fix: quoted
          ? `Log the class of the exception, not its message, or keep ${keyNames(keys)} out of what raises it.`
          : `Take ${keyNames(keys)} out of this line; log the name of the upstream instead.`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys), flow.name],
      }
    }
  },
}

function isToldAsCommand(flows: readonly Flow[], { file, start }: Flow): boolean {
  return flowsAt(flows, file, start).some(({ sink }) => sink === 'command')
}
