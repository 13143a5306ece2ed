import { innerPart } from '../flow/call-at.ts'
import { callsOf } from '../flow/calls-of.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import type { Label } from '../flow/value.ts'
import { type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'

const formatting = new Set(['formatter=', 'new'])
/** Calls by which a formatter quotes ends of lines or takes them out. */
const quoting = new Set(['to_json', 'generate', 'dump', 'inspect', 'gsub', 'tr', 'delete', 'squish', 'encode'])

export const logInjection: Rule = {
  id: 'log-injection',
  about: 'program',
  title: 'A client writes lines of its own into the log',
  severity: 'low',
  cwe: 117,
  explanation: `A text from the request is put in the log as it is. With \`%0A\` in a parameter a client ends the line and writes the next ones: a
sign-in that never was, an error of somebody else, an escape sequence for the terminal that shows the log. Whoever looks for a key's
misuse in such a log cannot believe it.

Fields and paths of a request cannot hold the end of a line, and a dictionary quotes what is in it; parameters and bodies can.

**Fix.** Log the quoted text (\`params[:name].inspect\`), or write the log as JSON, whose texts have no line ends.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/orders' do\n  logger.info \"orders of #{params[:name]}\"\n  'ok'\nend",
      "require 'sinatra/base'\nrequire 'logger'\nclass App < Sinatra::Base\n  LOG = Logger.new($stdout)\n  post '/login' do\n    LOG.warn('sign-in failed for ' + params['user'])\n    401\n  end\nend",
      "require 'sinatra'\nhelpers do\n  def audit(text)\n    puts \"audit: #{text}\"\n  end\nend\npost('/note') { audit(request.body.read) }",
      "require 'rack'\nclass App\n  def call(env)\n    warn \"page #{Rack::Request.new(env).params['page']}\"\n    [200, {}, ['ok']]\n  end\nend",
      "require 'sinatra'\nrequire 'json'\npost '/events' do\n  event = JSON.parse(request.body.read)\n  logger.info \"event #{event['name']}\"\n  204\nend",
    ],
    good: [
      "require 'sinatra'\nget '/orders' do\n  logger.info \"orders of #{params[:name].inspect}\"\n  'ok'\nend",
      "require 'sinatra'\nget '/orders' do\n  logger.info \"order #{params[:id].to_i}, #{request.path}, #{request.user_agent}\"\n  'ok'\nend",
      "require 'sinatra'\nrequire 'json'\npost '/events' do\n  event = JSON.parse(request.body.read)\n  logger.info \"event #{event} with #{params}\"\n  204\nend",
      "require 'sinatra'\nget '/orders' do\n  logger.info \"orders of #{params[:name].gsub(/[\\r\\n]/, ' ')}, #{params[:page].delete(\"\\r\\n\")}\"\n  'ok'\nend",
      "require 'sinatra'\nrequire 'json'\nrequire 'logger'\nLOG = Logger.new($stdout)\nLOG.formatter = proc { |level, time, _, text| { level: level, time: time, text: text }.to_json + \"\\n\" }\nget '/orders' do\n  LOG.info \"orders of #{params[:name]}\"\n  'ok'\nend",
      "require 'sinatra'\nget '/orders' do\n  halt 404 unless %w[open closed].include?(params[:state])\n  logger.info \"orders that are #{params[:state]}\"\n  'ok'\nend",
    ],
  },
  *check({ program, flows, structuring }) {
    const told = flows.filter(({ sink, labels }) => sink === 'log' && labels.some(endsLines))
    if (told.length === 0 || program.mentioning(structuring).length > 0 || quotesLines(program)) return
    for (const flow of told) {
      const paths = pathsOf(flow.labels.filter(endsLines))
      const correction = paths.trace && corrected(flow, innerPart(flow, paths.trace))
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} writes a text of the request to the log as it is: with the end of a line in it a client writes further lines.`,
        fix: 'Log the quoted text: .inspect; or write the log as JSON.',
        ...(correction === undefined ? {} : { correction }),
        ...paths,
        identity: [flow.context, flow.name],
      }
    }
  },
}

function endsLines({ what, lineEnds, cleared }: Label): boolean {
  return what === 'input' && lineEnds === undefined && (cleared === undefined || cleared === 'parents')
}

/** Whether a formatter of the program quotes what is logged. */
function quotesLines(program: Program): boolean {
  return callsOf(program, formatting, ['formatter']).some(({ call }) => {
    const [only] = call.args
    if (call.name === 'formatter=') return only !== undefined && isQuoting(only)
    return call.args.some(
      (arg) =>
        arg.kind === 'table' &&
        arg.entries.some(({ key, value }) => key?.kind === 'text' && key.value === 'formatter' && isQuoting(value)),
    )
  })
}

function isQuoting(formatter: Expression): boolean {
  let quotes = false
  walk(formatter, (expression) => {
    if (expression.kind === 'call') quotes ||= quoting.has(expression.name)
    if (expression.kind === 'read') quotes ||= /json|logstash|structured|logfmt/i.test(expression.variable.name)
  })
  return quotes
}

function corrected(
  { file, start, end }: Flow,
  part: { readonly start: number; readonly end: number } | undefined,
): string | undefined {
  return (
    part && `${file.quote(start, part.start)}${file.quote(part.start, part.end)}.inspect${file.quote(part.end, end)}`
  )
}
