import { callAt } from '../flow/call-at.ts'
import { callsOf, type FoundCall, optionOf } from '../flow/calls-of.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

const setting = new Set(['headers', '[]=', 'set_header', 'resource', 'origins', 'merge!'])
const originField = 'access-control-allow-origin'
const credentialsField = 'access-control-allow-credentials'

export const corsAnyOriginWithCredentials: Rule = {
  id: 'cors-any-origin-with-credentials',
  about: 'program',
  title: 'Pages of any origin may read answers with the user’s credentials',
  severity: 'medium',
  cwe: 942,
  explanation: `The service allows credentials (\`Access-Control-Allow-Credentials: true\`) for whatever origin asks: a page that a user happens
to open reads what the service answers to that user, cookies and client certificate included, for browsers present both.

**Fix.** Allow the origins that are meant, from a list, and answer with the one that asked only when it is in the list.`,
  examples: {
    bad: [
      "require 'sinatra'\nbefore do\n  headers 'Access-Control-Allow-Origin' => request.env['HTTP_ORIGIN'], 'Access-Control-Allow-Credentials' => 'true'\nend",
      "require 'sinatra'\nafter do\n  response['Access-Control-Allow-Origin'] = request.env['HTTP_ORIGIN']\n  response['Access-Control-Allow-Credentials'] = 'true'\nend",
      "require 'rack/cors'\nuse Rack::Cors do\n  allow do\n    origins { |_source, _env| true }\n    resource '*', headers: :any, credentials: true\n  end\nend",
      "require 'rack/cors'\nuse Rack::Cors do\n  allow do\n    origins(/.*/)\n    resource '*', credentials: true\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nbefore { headers 'Access-Control-Allow-Origin' => '*' }",
      "require 'sinatra'\nbefore do\n  headers 'Access-Control-Allow-Origin' => 'https://app.example.com', 'Access-Control-Allow-Credentials' => 'true'\nend",
      "require 'sinatra'\nORIGINS = %w[https://a.example.com].freeze\nafter do\n  origin = request.env['HTTP_ORIGIN']\n  if ORIGINS.include?(origin)\n    response['Access-Control-Allow-Origin'] = origin\n    response['Access-Control-Allow-Credentials'] = 'true'\n  end\nend",
      "require 'rack/cors'\nuse Rack::Cors do\n  allow do\n    origins 'app.example.com'\n    resource '*', headers: :any, credentials: true\n  end\nend",
    ],
  },
  *check({ program, flows }) {
    const calls = callsOf(program, setting, 'cross origin')
    const credentials = calls.filter((found) =>
      fieldsOf(found.call).some(({ name, value }) => name === credentialsField && isTrue(value)),
    )
    for (const flow of flows) {
      if ((flow.sink !== 'field' && flow.sink !== 'response') || !flow.labels.some(({ what }) => what === 'input'))
        continue
      const call = callAt(program, flow)
      if (!call || !fieldsOf(call).some(({ name }) => name === originField)) continue
      if (!credentials.some(({ source }) => source.path === flow.file.path)) continue
      yield {
        ...flow,
        message: 'Whatever origin asks is allowed, with credentials.',
        fix: 'Answer with the origin only where it is in a list: ORIGINS.include?(origin).',
        identity: [flow.context],
      }
    }
    for (const { call, source, enclosing } of calls) {
      const of = call.name === 'resource' ? originsBeside(calls, enclosing) : undefined
      if (!of || !isTrue(optionOf(call, 'credentials'))) continue
      yield {
        file: source,
        start: of.start,
        end: of.end,
        message: 'Every origin is allowed, with credentials.',
        fix: "Name the origins: origins 'app.example.com'.",
        correction: "origins 'app.example.com'",
        identity: ['origins'],
      }
    }
  },
}

/** Fields that a call sets: `headers 'Name' => value`, `response['Name'] = value`. */
function fieldsOf({ name, args }: FoundCall['call']): readonly { readonly name: string; readonly value: Expression }[] {
  if (name === '[]=' || name === 'set_header') {
    const [key, value] = args
    return key?.kind === 'text' && value ? [{ name: key.value.toLowerCase(), value }] : []
  }
  return args.flatMap((arg) =>
    arg.kind === 'table'
      ? arg.entries.flatMap(({ key, value }) =>
          key?.kind === 'text' ? [{ name: key.value.toLowerCase(), value }] : [],
        )
      : [],
  )
}

function isTrue(value: Expression | undefined): boolean {
  return (value?.kind === 'constant' && value.value === true) || (value?.kind === 'text' && value.value === 'true')
}

/** The call that allows every origin in the same block: by a pattern that matches all, or a block that says yes. */
function originsBeside(calls: readonly FoundCall[], enclosing: readonly Expression[]): FoundCall['call'] | undefined {
  const block = enclosing.findLast(({ kind }) => kind === 'closure')
  return calls.find(
    ({ call, source, enclosing: around }) =>
      call.name === 'origins' &&
      around.findLast(({ kind }) => kind === 'closure') === block &&
      ((call.block?.kind === 'closure' && isTrue(call.block.body)) ||
        call.args.some(
          (arg) =>
            arg.kind === 'constant' &&
            arg.value === 'pattern' &&
            /^\/(?:\\A|\^)?\.[*+](?:\\z|\$)?\/$/.test(source.text.slice(arg.start, arg.end)),
        )),
  )?.call
}
