import { pairsOf } from '../flow/calls-of.ts'
import { entryOf } from '../flow/entry-of.ts'
import { runsInProduction } from '../flow/environments.ts'
import type { Flow } from '../flow/flow-record.ts'
import { placesOf, stepsOf } from '../flow/flows-at.ts'
import { inContext, keyNames, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import { isRescuedUnseen } from '../flow/rescued.ts'
import type { Label } from '../flow/value.ts'
import { withNamesFor } from '../flow/without-labels.ts'
import { walk } from '../form.ts'
import type { Framework } from '../model.ts'
import type { Rule } from '../rule.ts'
import { ownerOf } from '../survey.ts'

export const dumpErrorsToLog: Rule = {
  id: 'dump-errors-to-log',
  about: 'program',
  title: "An exception's message takes a caller's credentials to the log",
  severity: 'medium',
  cwe: 532,
  explanation: `An exception is raised with what the caller signs in with in its message. Sinatra's \`dump_errors\`, which is on everywhere but in
the tests, writes the message and the backtrace of every exception that ends a request to standard error, also where an
\`error\` block answers the client with a text of its own.

A key of the service in a message is told by key-in-exception; what is rescued and shown, where it is shown.

**Fix.** Raise with a text of your own. Where other people's code raises, \`disable :dump_errors\`, and log the class of the exception
in the \`error\` block.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/orders' do\n  raise \"unknown caller #{env['HTTP_AUTHORIZATION']}\" unless known?\n  'ok'\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :show_exceptions, false\n  enable :dump_errors\n  error { 'internal error' }\n  get '/orders' do\n    raise ArgumentError, \"bad key: #{request.env['HTTP_X_API_KEY']}\"\n  end\nend",
      "require 'sinatra'\nhelpers do\n  def account(token)\n    raise KeyError, \"no account of #{token}\"\n  end\nend\nget('/orders') { account(request.cookies['session_token']).to_s }",
      "require 'sinatra'\nconfigure :development do\n  disable :dump_errors\nend\nget '/orders' do\n  raise 'refused: ' + env['HTTP_AUTHORIZATION'].to_s\nend",
    ],
    good: [
      "require 'sinatra'\nget '/orders' do\n  raise 'unknown caller' unless known?(env['HTTP_AUTHORIZATION'])\n  'ok'\nend",
      "require 'sinatra'\ndisable :dump_errors\nset :show_exceptions, false\nget '/orders' do\n  raise \"unknown caller #{env['HTTP_AUTHORIZATION']}\"\nend",
      "require 'sinatra'\nget '/orders' do\n  begin\n    raise \"unknown caller #{env['HTTP_AUTHORIZATION']}\" unless known?\n  rescue RuntimeError\n    halt 401\n  end\n  'ok'\nend",
      "require 'sinatra'\nset :dump_errors, false\nset :show_exceptions, false\nget('/orders') { raise ArgumentError, \"bad key: #{request.env['HTTP_X_API_KEY']}\" }",
    ],
  },
  *check({ program, flows }) {
    const frameworks = program.frameworks.filter(({ errorLog }) => errorLog !== undefined)
    const raised = flows.filter((flow) => flow.sink === 'raise' && credentialsOf(flow).length > 0 && isAnswering(flow))
    if (frameworks.length === 0 || raised.length === 0 || frameworks.every((each) => isOff(program, each))) return
    const arrives = placesOf(stepsOf(flows.flatMap((flow) => (flow.sink === 'raise' ? [] : raisedIn(flow)))))
    const seen = new Map<string, Set<number>>()
    for (const flow of raised) {
      const credentials = credentialsOf(flow)
      if (flow.labels.some(({ what }) => what === 'key' || what === 'settings')) continue
      if (arrives.get(flow.file.path)?.has(flow.start) || isRescuedUnseen(program, flow)) continue
      // Raised again with the same message: told where it was raised first.
      if ([...stepsOf(raisedIn(flow))].some(({ file, start }) => seen.get(file.path)?.has(start))) continue
      entryOf(seen, flow.file.path, () => new Set<number>()).add(flow.start)
      const names = keyNames(credentials)
      const correction = withNamesFor(
        flow,
        credentials.map(({ via: _message, ...label }) => label),
      )
      yield {
        ...flow,
        ...(correction === undefined ? {} : { correction }),
        confidence: 'firm',
        message: `${inContext(flow.context)} raises an exception with what the caller signs in with (${names}) in its message, which the framework writes to the log.`,
        fix: `Raise with a text of your own, without ${names}.`,
        ...pathsOf(credentials),
        identity: [flow.context, names],
      }
    }
  },
}

/** In a route, a filter, or what they call: a class beside the app may be used where nobody logs. */
function isAnswering({ context }: Flow): boolean {
  return !context.includes('#')
}

function credentialsOf({ labels }: Flow): readonly Label[] {
  return labels.filter(({ what }) => what === 'credential')
}

/** The credentials that have been in the message of an exception. */
function raisedIn(flow: Flow): readonly Label[] {
  return credentialsOf(flow).filter(({ via }) => via)
}

/** Whether the app turns it off where it runs in production. */
function isOff(program: Program, framework: Framework): boolean {
  const { errorLog = '', sets, disables } = framework
  let off = false
  for (const { form } of program.codeMentioning([...sets, ...disables], [errorLog]))
    walk(form, (call, enclosing) => {
      if (call.kind !== 'call' || program.frameworkOf(ownerOf(enclosing)) !== framework) return
      if (!runsInProduction([...enclosing, call], framework)) return
      if (disables.includes(call.name)) off ||= call.args.some((arg) => arg.kind === 'text' && arg.value === errorLog)
      if (!sets.includes(call.name)) return
      const value = pairsOf(call).find(({ name }) => name === errorLog)?.value
      off ||= value?.kind === 'constant' && (value.value === false || value.value === null)
    })
  return off
}
