import { callAt, inputsOf, positionalOf } from '../flow/call-at.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Call, Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

export const commandFromInput: Rule = {
  id: 'command-from-input',
  about: 'program',
  title: 'A client chooses a part of a command',
  severity: 'critical',
  cwe: 78,
  explanation: `A command is one text that a shell reads, and a part of it comes from the request: \`; env\` behind it, or \`$(env)\` in it, answers
with the environment of the process and every key in it. Quotes around the part do not help: a quote in it ends them.

**Fix.** Hand the program and each of its arguments over by itself: no shell reads them. \`system('convert', '--', name)\`,
\`Open3.capture2('dig', '--', name)\`, \`IO.popen(['git', 'log', '--', name])\`. Where a shell has to be,
\`Shellwords.escape\` each part.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/ping/:host') { |host| `ping -c1 #{host}` }",
      "require 'sinatra'\nget('/ping') { `ping -c 1 #{params[:host]}` }",
      "require 'sinatra'\npost '/convert' do\n  system(\"convert uploads/#{params[:name]} out.png\")\n  'done'\nend",
      "require 'sinatra/base'\nrequire 'open3'\nclass App < Sinatra::Base\n  helpers do\n    def dig(name)\n      output, _status = Open3.capture2e('dig +short ' + name)\n      output\n    end\n  end\n  get('/dig') { dig(params[:name]) }\nend",
      "require 'sinatra'\nget('/log') { IO.popen(\"git log '#{params[:ref]}'\").read }",
      "require 'sinatra'\nget('/run') { system('sh', '-c', \"ls #{params[:folder]}\").to_s }",
      "require 'rack'\nclass App\n  def call(env)\n    query = Rack::Request.new(env).params\n    [200, {}, [%x(whois #{query['domain']})]]\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nget(%r{/ping/(\\d+)}) { |host| `ping -c1 10.0.0.#{host}` }",
      "require 'sinatra'\nget '/ping' do\n  system('ping', '-c', '1', '--', params[:host]).to_s\nend",
      "require 'sinatra'\nrequire 'shellwords'\nget('/ping') { `ping -c 1 #{Shellwords.escape(params[:host])}` }",
      "require 'sinatra'\nrequire 'open3'\nget '/count' do\n  output, _status = Open3.capture2('wc', '-w', stdin_data: params[:text])\n  output\nend",
      "require 'sinatra'\nget('/log') { IO.popen(['git', 'log', '--', params[:ref]]).read }",
      "require 'sinatra'\nget '/backup' do\n  halt 404 unless %w[daily weekly].include?(params[:kind])\n  `bin/backup #{params[:kind]}`\nend",
      "require 'sinatra'\nget('/page') { `bin/page #{params[:page].to_i}` }",
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      const inputs = flow.sink === 'command' ? inputsOf(flow) : []
      if (inputs.length === 0) continue
      const call = callAt(program, flow)
      if (call && !isReadByShell(call)) continue
      const correction = call && corrected(call, flow)
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} runs a command that a client has a part in: ; env in it answers with the process’s keys.`,
        fix: "Hand the program and each argument over by itself, with '--' before what the client sends: no shell reads them then.",
        ...(correction === undefined ? {} : { correction }),
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}

/** One text is read by a shell; several are not, unless the program is a shell. */
function isReadByShell(call: Call): boolean {
  const [program, ...others] = positionalOf(call)
  if (program?.kind === 'list')
    return program.items[0] !== undefined && isShell(program.items[0], program.items.slice(1))
  if (others.length === 0) return true
  return isShell(program, others)
}

function isShell(program: Expression | undefined, args: readonly Expression[]): boolean {
  if (program?.kind !== 'text') return false
  const isNamed = /^(?:.*\/)?(?:sh|bash|dash|zsh|ksh|env|ssh|powershell|cmd)$/.test(program.value)
  return isNamed && args.some((arg) => arg.kind === 'text' && /^-\w*c$|^\/c$/i.test(arg.value))
}

/** `dig +short #{name}` as `IO.popen(['dig', '+short', '--', name], &:read)`. */
function corrected(call: Call, { file }: Flow): string | undefined {
  const [text] = positionalOf(call)
  if (text?.kind !== 'join') return undefined
  const words: string[] = []
  let marked = false
  for (const part of text.parts) {
    if (part.kind === 'text') {
      if (!/^[\w\s./:=+-]*$/.test(part.value)) return undefined
      const isApart = words.length === 0 || /^\s/.test(part.value)
      if (!isApart && part.value !== '') return undefined
      words.push(
        ...part.value
          .split(/\s+/)
          .filter(Boolean)
          .map((word) => `'${word}'`),
      )
      if (part.value !== '' && !/\s$/.test(part.value) && part !== text.parts.at(-1)) return undefined
    } else {
      if (!marked) words.push("'--'")
      marked = true
      words.push(`${file.quote(part.start, part.end)}.to_s`)
    }
  }
  const list = words.join(', ')
  if (words[0]?.startsWith("'--'")) return undefined
  return call.name === '`'
    ? `IO.popen([${list}], &:read)`
    : call.name === 'popen'
      ? undefined
      : `${call.receiver ? `${file.quote(call.receiver.start, call.receiver.end)}.` : ''}${call.name}(${list})`
}
