import { credentialParameter, credentialWords } from '../credential-parameter.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import type { Label } from '../flow/value.ts'
import { type Call, type Expression, walk } from '../form.ts'
import type { AccessLog, Framework } from '../model.ts'
import type { Problem, Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'
import { ownerOf } from '../survey.ts'

export const accessLogWithQuery: Rule = {
  id: 'access-log-with-query',
  about: 'program',
  title: 'The access log keeps credentials of callers',
  severity: 'medium',
  cwe: 598,
  explanation: `A route takes a key, a token or a password in the query, and the app writes every request to an access log: the whole
query stands in each line (\`"GET /orders?api_key=… HTTP/1.1" 200\`).

Sinatra logs requests of a classic app unless it is told not to, and of a class where logging is enabled;
\`Rack::CommonLogger\` always does. Proxies on the way write such lines too, and so
does a line of the program's own with \`request.url\` or \`request.fullpath\`.

**Fix.** Take credentials in a field (\`Authorization\`, \`X-Api-Key\`), which no access log has. Until every caller does so, turn the
log off (\`set :logging, false\`) or write one of your own without the query.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/orders' do\n  halt 401 unless known?(params[:api_key])\n  'ok'\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  enable :logging\n  get '/orders' do\n    halt 401 unless known?(params.fetch('access_token', ''))\n    'ok'\n  end\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  use Rack::CommonLogger\n  get('/in') { session_for(params['password']) }\nend",
      "require 'sinatra'\nset :port, 8080\nget '/feed' do\n  account = Account.of(params[:auth_token])\n  account.feed\nend",
      "require 'sinatra'\nset :logging, false\nbefore { logger.info \"#{request.request_method} #{request.fullpath}\" }\nget '/orders' do\n  halt 401 unless known?(params[:api_key])\n  'ok'\nend",
    ],
    good: [
      "require 'sinatra'\nset :logging, false\nbefore { logger.info \"#{request.request_method} #{request.path}\" }\nget '/orders' do\n  halt 401 unless known?(params[:api_key])\n  'ok'\nend",
      "require 'sinatra'\nset :logging, false\nbefore { logger.info request.url.split('?').first }\nget '/orders' do\n  halt 401 unless known?(params[:api_key])\n  'ok'\nend",
      "require 'sinatra'\nset :logging, false\nget '/orders' do\n  halt 401 unless known?(params[:api_key])\n  'ok'\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  get('/orders') { known?(params[:api_key]) ? 'ok' : halt(401) }\nend",
      "require 'sinatra'\nget '/orders' do\n  halt 401 unless known?(env['HTTP_X_API_KEY'])\n  params[:page].to_i.to_s\nend",
      "require 'sinatra'\npost '/in' do\n  session_for(params[:password])\nend",
    ],
  },
  *check({ program, flows }) {
    const logs = new Map<string, boolean>()
    for (const framework of program.frameworks) {
      const { accessLog } = framework
      if (!accessLog) continue
      let taken: string | undefined
      for (const { source, form } of program.codeMentioning([accessLog.parameters], credentialWords)) {
        for (const { call, owner, name } of takenInQuery(form, framework, accessLog)) {
          if (program.frameworkOf(owner) !== framework) continue
          if (!logs.has(owner)) logs.set(owner, isLogging(program, framework, accessLog, owner))
          if (logs.get(owner)) yield problem(source, call, name, owner)
          taken ??= name
        }
      }
      if (taken !== undefined) yield* loggedWithQuery(flows, accessLog, taken)
    }
  },
}

/** Lines of the program's own that hold the URL of the request. */
function* loggedWithQuery(flows: readonly Flow[], { withQuery }: AccessLog, name: string): Iterable<Problem> {
  for (const flow of flows) {
    if (flow.sink !== 'log') continue
    const urls = flow.labels.filter((label) => label.what === 'input' && isWithQuery(label, withQuery))
    if (urls.length === 0) continue
    yield {
      ...flow,
      message: `${inContext(flow.context)} writes the URL of the request to a log with its query, in which ${name} comes.`,
      fix: `Log request.path instead, and take ${name} in a field of the request, such as Authorization.`,
      ...pathsOf(urls),
      identity: [flow.context, name],
    }
  }
}

/** Read by such a call, and not cut or changed there. */
function isWithQuery({ name, trace }: Label, withQuery: readonly string[]): boolean {
  if (!withQuery.includes(name)) return false
  let read = trace
  while (read.before) read = read.before
  const next = /^\s*&?\.\s*(\w+)|^\s*\[/.exec(read.file.text.slice(read.end, read.end + 40))
  return !next || /^(?:inspect|to_s|dump|to_json|to_str)$/.test(next[1] ?? '')
}

function problem(file: SourceFile, { start, end }: Call, name: string, owner: string) {
  return {
    file,
    start,
    end,
    message: `The parameter ${name} comes in the query, and the app writes each request to its access log with the query.`,
    fix: `Take ${name} in a field of the request, such as Authorization; or turn the access log off.`,
    identity: [owner, name],
  }
}

/** Reads of a credential in routes whose parameters are the query’s; of each name the first. */
function takenInQuery(
  form: Expression,
  { routes }: Framework,
  { parameters, queryRoutes }: AccessLog,
): { readonly call: Call; readonly owner: string; readonly name: string }[] {
  const found: { readonly call: Call; readonly owner: string; readonly name: string }[] = []
  walk(form, (expression, enclosing) => {
    if (expression.kind !== 'call' || expression.receiver?.kind !== 'call') return
    const [first] = expression.args
    if (expression.receiver.name !== parameters || first?.kind !== 'text' || !credentialParameter.test(first.value))
      return
    const route = enclosing.findLast(
      (each): each is Call =>
        each.kind === 'call' && !each.receiver && each.block !== undefined && routes.includes(each.name),
    )
    if (!route || !queryRoutes.includes(route.name)) return
    const owner = ownerOf(enclosing)
    if (!found.some((other) => other.owner === owner && other.name === first.value))
      found.push({ call: expression, owner, name: first.value })
  })
  return found
}

function isLogging(program: Program, framework: Framework, { setting, middleware }: AccessLog, of: string): boolean {
  let told: boolean | undefined
  let hasMiddleware = false
  const words = [...framework.sets, ...framework.enables, ...framework.disables, ...framework.uses]
  for (const { form } of program.codeMentioning(words, [setting, ...middleware])) {
    walk(form, (expression, enclosing) => {
      if (expression.kind !== 'call' || !words.includes(expression.name)) return
      if (ownerOf(enclosing) !== of && !program.lineage(of).includes(ownerOf(enclosing))) return
      const { name, args } = expression
      if (framework.uses.includes(name)) {
        const [first] = args
        hasMiddleware ||= first?.kind === 'read' && middleware.includes(first.variable.name.replace(/^::/, ''))
        return
      }
      const value = switched(framework, name, args, setting)
      // Off anywhere, if only in production, is what the author meant.
      if (value !== undefined) told = told === false ? false : value
    })
  }
  return hasMiddleware || (told ?? of === '')
}

/** What the call turns the setting to; undefined where it is about others. */
function switched(
  framework: Framework,
  name: string,
  args: readonly Expression[],
  setting: string,
): boolean | undefined {
  if (!framework.sets.includes(name)) {
    const isMeant = args.some((arg) => arg.kind === 'text' && arg.value === setting)
    return isMeant ? framework.enables.includes(name) : undefined
  }
  const [first, second] = args
  const pairs = first?.kind === 'table' ? first.entries : second ? [{ key: first, value: second }] : []
  const value = pairs.find(({ key }) => key?.kind === 'text' && key.value === setting)?.value
  if (!value) return undefined
  return !(value.kind === 'constant' && (value.value === false || value.value === null))
}
