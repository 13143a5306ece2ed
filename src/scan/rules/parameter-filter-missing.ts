import { credentialParameter, credentialWords } from '../credential-parameter.ts'
import { callsOf } from '../flow/calls-of.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import type { Label } from '../flow/value.ts'
import { type Expression, walk } from '../form.ts'
import type { Framework, ParameterLog } from '../model.ts'
import type { Problem, Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'
import { ownerOf } from '../survey.ts'

export const parameterFilterMissing: Rule = {
  id: 'parameter-filter-missing',
  about: 'program',
  title: 'Credentials of callers are logged among the parameters',
  severity: 'medium',
  cwe: 532,
  explanation: `A route takes a key, a token or a password as a parameter, and all parameters are written to the log: by Rails, which logs them with
every request and leaves out only what \`config.filter_parameters\` names, or by a line of the app that logs \`params\`.

\`filter_parameters\` takes parts of names: \`:token\` leaves out \`access_token\`, \`:passw\` leaves out \`password\`. An app that was not
made by \`rails new\` has none.

**Fix.** \`config.filter_parameters += %i[passw secret token _key crypt salt certificate otp ssn]\`; in an app of another framework log
the parameters that are needed, one by one, or \`params.except(…)\`.`,
  examples: {
    bad: [
      {
        'config/application.rb': "require 'rails'\nmodule Shop\n  class Application < Rails::Application\n  end\nend\n",
        'app/controllers/orders_controller.rb':
          'class OrdersController < ApplicationController\n  def index\n    account = Account.find_by(digest: Digest::SHA256.hexdigest(params[:api_key]))\n    head(account ? :ok : :unauthorized)\n  end\nend\n',
      },
      {
        'config/application.rb':
          "require 'rails'\nmodule Shop\n  class Application < Rails::Application\n    config.filter_parameters += [:password]\n  end\nend\n",
        'app/controllers/tokens_controller.rb':
          'class TokensController < ApplicationController\n  def show\n    head Session.known?(params.require(:access_token)) ? :ok : :not_found\n  end\nend\n',
      },
      "require 'sinatra'\nbefore { logger.info \"params: #{params}\" }\npost('/login') { sign_in(params[:user], params[:password]) }",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  enable :logging\n  post '/login' do\n    logger.info(request.params.inspect)\n    halt 401 unless known?(params['api_key'])\n    'in'\n  end\nend",
    ],
    good: [
      {
        'config/application.rb': "require 'rails'\nmodule Shop\n  class Application < Rails::Application\n  end\nend\n",
        'config/initializers/filter_parameter_logging.rb':
          'Rails.application.config.filter_parameters += %i[passw secret token _key crypt]\n',
        'app/controllers/orders_controller.rb':
          'class OrdersController < ApplicationController\n  def index\n    head Account.known?(params[:api_key]) ? :ok : :unauthorized\n  end\nend\n',
      },
      {
        'config/application.rb':
          "require 'rails'\nmodule Shop\n  class Application < Rails::Application\n    config.filter_parameters << /key|token/i\n  end\nend\n",
        'app/controllers/orders_controller.rb':
          'class OrdersController < ApplicationController\n  def index\n    head Account.known?(params[:api_key]) ? :ok : :unauthorized\n  end\nend\n',
      },
      "require 'sinatra'\nbefore { logger.info \"params: #{params.except(:password)}\" }\npost('/login') { sign_in(params[:user], params[:password]) }",
      "require 'sinatra'\nbefore { logger.info \"params: #{params}\" }\nget('/orders') { orders(params[:page]).to_s }",
    ],
  },
  *check({ program, flows }) {
    for (const framework of program.frameworks) {
      const { parameterLog } = framework
      if (parameterLog) yield* unfiltered(program, framework, parameterLog)
    }
    const words = program.frameworks.flatMap(
      ({ accessLog, parameterLog }) => (accessLog ?? parameterLog)?.parameters ?? [],
    )
    const isWhole = ({ what, lineEnds, name }: Label) =>
      what === 'input' && lineEnds !== undefined && words.includes(name)
    const logged = flows.filter(({ sink, labels }) => sink === 'log' && labels.some(isWhole))
    const [taken] = logged.length > 0 ? words.flatMap((word) => takenCredentials(program, word)) : []
    if (!taken) return
    for (const flow of logged) {
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} writes all parameters of the request to the log, ${taken.name} among them.`,
        fix: `Log the parameters that are needed, one by one, and not ${taken.name}.`,
        ...pathsOf(flow.labels.filter(isWhole)),
        identity: [flow.context, flow.name],
      }
    }
  },
}

/** One for an app: the first credential that its log does not leave out. */
function* unfiltered(program: Program, framework: Framework, log: ParameterLog): Iterable<Problem> {
  if (!program.files.some(({ survey }) => survey.scopes.some(({ parent }) => parent === log.application))) return
  const covers = filtersOf(program, log)
  for (const { file, call, name, owner } of takenCredentials(program, log.parameters)) {
    if (covers(name) || program.frameworkOf(owner) !== framework) continue
    yield {
      file,
      start: call.start,
      end: call.end,
      message: `The parameter ${name} is written to the log with every request: no filter of the parameters names it.`,
      fix: `Add it to the app's configuration: config.filter_parameters += [:${name}]`,
      identity: ['filter'],
    }
    return
  }
}

/** Whether a parameter is left out of the log; a filter that is not read here leaves out all of them. */
function filtersOf(program: Program, { filters }: ParameterLog): (name: string) => boolean {
  const parts: string[] = []
  let all = false
  for (const { call, enclosing } of callsOf(program, new Set(filters))) {
    // `config.filter_parameters << :key`: what is added stands around the call.
    const around = enclosing.findLast(({ kind }) => kind === 'call')
    const given = call.args.length > 0 || around?.kind !== 'call' ? call.args : around.args
    for (const arg of given)
      walk(arg, (part) => {
        if (part.kind === 'text') parts.push(part.value.toLowerCase())
        all ||= isOpen(part)
      })
  }
  return (name) => all || parts.some((part) => part !== '' && name.toLowerCase().includes(part))
}

function isOpen(part: Expression): boolean {
  // A variable of the form's own is what the list is added to.
  const isRead = part.kind === 'read' && !part.variable.name.startsWith('%')
  return isRead || part.kind === 'closure' || (part.kind === 'constant' && part.value === 'pattern')
}

interface Taken {
  readonly file: SourceFile
  readonly call: Expression
  readonly name: string
  readonly owner: string
}

/** Reads of a parameter that somebody signs in with. */
function takenCredentials(program: Program, parameters: string): readonly Taken[] {
  const found: Taken[] = []
  for (const { source, form } of program.codeMentioning([parameters], credentialWords))
    walk(form, (call, enclosing) => {
      if (call.kind !== 'call' || call.receiver?.kind !== 'call' || call.receiver.name !== parameters) return
      const [first] = call.args
      if (first?.kind === 'text' && credentialParameter.test(first.value))
        found.push({ file: source, call, name: first.value, owner: ownerOf(enclosing) })
    })
  return found
}
