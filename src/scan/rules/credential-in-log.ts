import type { Flow } from '../flow/flow-record.ts'
import { inContext, keyNames, pathsOf } from '../flow/key-labels.ts'
import { withNamesFor } from '../flow/without-labels.ts'
import type { Rule } from '../rule.ts'

/** Where a caller's credentials are kept, and the words for it. */
const places: Partial<Record<Flow['sink'], string>> = {
  log: 'to a log',
  telemetry: 'to an error tracker, a trace or a metric',
  file: 'to a file',
}

export const credentialInLog: Rule = {
  id: 'credential-in-log',
  about: 'program',
  title: 'Credentials of a caller reach a log',
  severity: 'high',
  cwe: 532,
  explanation: `What a caller signs in with (\`Authorization\`, \`X-Api-Key\`, cookies) is written to a log, to an error tracker or to a file.

It is the key of somebody else: they cannot know that it is in your logs, and whoever reads the log can act in their name.

**Fix.** Log who the caller is once that is known (the account, the certificate's subject), or a keyed digest of the
credential.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/orders' do\n  logger.info \"authorization: #{env['HTTP_AUTHORIZATION']}\"\n  'ok'\nend",
      "class Audit\n  def initialize(app)\n    @app = app\n  end\n\n  def call(env)\n    puts \"#{env['PATH_INFO']} by #{env['HTTP_X_API_KEY']}\"\n    @app.call(env)\n  end\nend",
      "require 'sinatra'\nbefore do\n  token = env['HTTP_AUTHORIZATION'].to_s.delete_prefix('Bearer ')\n  warn 'unknown token ' + token unless known?(token)\nend",
      "require 'sinatra'\nget '/orders' do\n  Sentry.set_extras(authorization: env['HTTP_AUTHORIZATION'])\n  'ok'\nend",
    ],
    good: [
      "require 'sinatra'\nget '/orders' do\n  logger.info \"signed in: #{!env['HTTP_AUTHORIZATION'].nil?}\"\n  'ok'\nend",
      "require 'sinatra'\nrequire 'openssl'\nget '/orders' do\n  logger.info OpenSSL::HMAC.hexdigest('SHA256', settings.log_pepper, env['HTTP_AUTHORIZATION'].to_s)\n  'ok'\nend",
      "class Audit\n  def initialize(app)\n    @app = app\n  end\n\n  def call(env)\n    puts env['REQUEST_METHOD']\n    @app.call(env)\n  end\nend",
      "require 'sinatra'\nget '/orders' do\n  logger.info env['HTTP_AUTHORIZATION'].to_s[0, 4]\n  'ok'\nend",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const where = places[flow.sink]
      const credentials = where === undefined ? [] : flow.labels.filter(({ what }) => what === 'credential')
      if (credentials.length === 0) continue
      const names = keyNames(credentials)
      const correction = withNamesFor(flow, credentials)
      yield {
        ...flow,
        ...(correction === undefined ? {} : { correction }),
        message: `${inContext(flow.context)} writes what the caller signs in with (${names}) ${where}.`,
        fix: `Log who the caller is once that is known, and not ${names}.`,
        ...pathsOf(credentials),
        identity: [flow.context, names, flow.sink],
      }
    }
  },
}
