import type { Severity } from '../../finding/finding.ts'
import { callAt, inputsOf, isFramed, writtenAs } from '../flow/call-at.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import { placesIn } from '../flow/placed.ts'
import type { Program } from '../flow/program.ts'
import { type Call, type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'

const choosers = new Set([
  ...['send', 'public_send', '__send__', 'method', 'public_method', 'instance_method', 'define_method', 'try'],
  ...['const_get', 'const_set', 'constantize', 'safe_constantize'],
  ...['instance_variable_get', 'instance_variable_set', 'class_variable_get'],
])

export const codeFromInput: Rule = {
  id: 'code-from-input',
  about: 'program',
  title: 'A client chooses what code is run',
  severity: 'critical',
  cwe: 94,
  explanation: `A text from the request is run as code or as a template, or chooses the method, the class or the constant that is used:
\`eval\`, \`instance_eval\`, \`ERB.new\`, \`erb params[:text]\`, \`send\`, \`public_send\`, \`const_get\`, \`constantize\`. \`<%= ENV.to_h %>\`,
\`ENV.to_h\`, or \`send(:eval, …)\` answers with every key of the process. \`public_send\` still has \`instance_eval\` and \`instance_variable_get\`.

**Fix.** Choose from what the service knows: \`ACTIONS.fetch(params[:action]).call\`, \`case params[:kind]\`. Give a template its
values as locals, and never its text. Where clients write templates, take a language without code, as Liquid is.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/calculate') { eval(params[:formula]).to_s }",
      "require 'sinatra'\nrequire 'erb'\npost('/preview') { ERB.new(params[:template]).result }",
      "require 'sinatra'\nget('/render') { erb params[:page] }",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  get '/report' do\n    Report.new.send(params[:kind])\n  end\nend",
      "require 'sinatra'\nget('/new') { Object.const_get(params[:type]).new.to_s }",
      "require 'sinatra'\nhelpers do\n  def act(name)\n    public_send(name)\n  end\nend\nget('/act') { act(params['name']) }",
    ],
    good: [
      "require 'sinatra'\nACTIONS = { 'daily' => -> { 'd' }, 'weekly' => -> { 'w' } }.freeze\nget('/report') { ACTIONS.fetch(params[:kind]).call }",
      "require 'sinatra'\nget('/hello') { erb '<p><%= h name %></p>', locals: { name: params[:name] } }",
      "require 'sinatra'\nget '/report' do\n  halt 404 unless %w[daily weekly].include?(params[:kind])\n  Report.new.public_send(params[:kind])\nend",
      "require 'sinatra'\nrequire 'liquid'\npost('/preview') { Liquid::Template.parse(params[:template]).render }",
      "require 'sinatra'\nget('/report') { Report.new.public_send(\"report_#{params[:kind]}\") }",
      "require 'sinatra'\nget '/set' do\n  name = \"#{params[:name]}_from_params\"\n  respond_to?(name) ? send(name, params) : 404\nend",
      "require 'sinatra'\nget '/new' do\n  type = Object.const_get(params[:type])\n  halt 404 unless type < Report\n  type.new.to_s\nend",
      "require 'sinatra'\nget('/method') { request.request_method + params[:name].to_s.length.to_s }",
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      const inputs = flow.sink === 'code' ? inputsOf(flow) : []
      if (inputs.length === 0) continue
      const call = callAt(program, flow)
      if (call && isNoCall(call, (part) => writtenAs(program, flow, part))) continue
      if (call && choosesClass.has(call.name) && isJudged(call, program, flow)) continue
      const what = whatIsDone(flow.name, flow.says)
      yield {
        ...flow,
        ...what,
        confidence: 'firm',
        message: `${inContext(flow.context)} ${what.message}.`,
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}

/** A name that begins or ends with a text of the program chooses among few; a message that is sent is no method. */
function isNoCall(call: Call, written: (expression: Expression | undefined) => Expression | undefined): boolean {
  if (!choosers.has(call.name)) return false
  if (isFramed(written(call.name.endsWith('constantize') ? call.receiver : call.args[0]), 3)) return true
  const { receiver } = call
  const name = receiver?.kind === 'read' ? receiver.variable.name : receiver?.kind === 'call' ? receiver.name : ''
  return call.name === 'send' && /sock|udp|tcp|ws$|conn|channel|queue|producer|publisher|mail/i.test(name)
}

const choosesClass = new Set(['const_get', 'constantize', 'safe_constantize'])
const judging = new Set(['<', '<=', 'include?', 'member?', 'key?', '==', '==='])

/** Whether the class that was chosen is then compared with those that may be, in the same function. */
function isJudged(call: Call, program: Program, { file }: Flow): boolean {
  const form = program.file(file.path)?.form()
  const enclosing = (form && placesIn(form).of(call)?.enclosing())?.map(({ expression }) => expression) ?? []
  const write = enclosing.findLast(({ kind }) => kind === 'write')
  if (!form || write?.kind !== 'write' || write.variable.scope !== 'local') return false
  const around = enclosing.find(({ kind }) => kind === 'define') ?? form
  return (lastJudged(around).get(write.variable.name) ?? 0) > call.start
}

const judgements = new WeakMap<Expression, ReadonlyMap<string, number>>()

/** Where the variables of a function are judged last; looked up once. */
function lastJudged(around: Expression): ReadonlyMap<string, number> {
  const known = judgements.get(around)
  if (known) return known
  const last = new Map<string, number>()
  walk(around, (part) => {
    if (part.kind !== 'call' || !judging.has(part.name)) return
    for (const side of [part.receiver, ...part.args])
      if (side?.kind === 'read') last.set(side.variable.name, Math.max(part.start, last.get(side.variable.name) ?? 0))
  })
  judgements.set(around, last)
  return last
}

function whatIsDone(
  name: string,
  says: string,
): { readonly message: string; readonly fix: string; readonly severity: Severity } {
  if (choosers.has(name))
    return {
      severity: 'high',
      message: `lets a client choose what ${name} names`,
      fix: 'Choose from a table of what may be called: ACTIONS.fetch(name).call, or case name.',
    }
  if (says === 'chooses a template')
    return {
      severity: 'medium',
      message: 'lets a client choose the template that is put out',
      fix: 'Choose from a table of the templates that it may see: PAGES.fetch(name), or case name.',
    }
  if (/template/.test(says))
    return {
      severity: 'critical',
      message: 'runs a text that a client sends as a template, or lets it choose one',
      fix: 'Name the template in the program, and hand what the client sends to it as locals.',
    }
  return {
    severity: 'critical',
    message: 'runs what a client sends as code',
    fix: 'Read what the client sends as data: Integer(…), JSON.parse(…), or a table of what may be done.',
  }
}
