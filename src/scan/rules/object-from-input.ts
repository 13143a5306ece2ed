import { callAt, inputsOf } from '../flow/call-at.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const objectFromInput: Rule = {
  id: 'object-from-input',
  about: 'program',
  title: 'A client chooses which objects are made',
  severity: 'critical',
  cwe: 502,
  explanation: `Bytes or a text from the request are made into objects by a reader that makes objects of any class: \`Marshal.load\`,
\`YAML.unsafe_load\`, \`Oj.load\` without a mode. Objects of classes that are loaded anyway run code when they are made or used
(universal chains for Ruby's own library are published), and the code has the process's keys.

**Fix.** Read data: \`JSON.parse\`, \`YAML.safe_load\`, \`Oj.load(text, mode: :strict)\`. Where objects have to come back, sign what is
sent out and verify it, in constant time, before it is read.

Not told: \`JSON.load\` with additions, and \`YAML.load\` before Psych 4, where the same holds.`,
  examples: {
    bad: [
      "require 'sinatra'\npost('/import') { Marshal.load(request.body.read).to_s }",
      "require 'sinatra'\nrequire 'base64'\nget('/cart') { Marshal.load(Base64.decode64(request.cookies['cart'])).size.to_s }",
      "require 'sinatra'\nrequire 'yaml'\npost('/settings') { YAML.unsafe_load(params[:settings]).to_s }",
      "require 'sinatra'\nrequire 'oj'\npost('/import') { Oj.load(request.body.read).size.to_s }",
      "require 'rack'\nclass App\n  def call(env)\n    state = Rack::Request.new(env).params['state']\n    [200, {}, [Marshal.load(state.unpack1('m')).to_s]]\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'json'\npost('/import') { JSON.parse(request.body.read).size.to_s }",
      "require 'sinatra'\nrequire 'yaml'\npost('/settings') { YAML.safe_load(params[:settings]).size.to_s }",
      "require 'sinatra'\nget('/state') { Marshal.load(File.binread('state.bin')).to_s }",
      "require 'sinatra'\nrequire 'oj'\npost('/import') { Oj.load(params[:data], mode: :strict).size.to_s }",
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      const inputs = flow.sink === 'object' ? inputsOf(flow) : []
      if (inputs.length === 0) continue
      const call = callAt(program, flow)
      const receiver = call?.receiver
      const correction = receiver && corrected(flow, receiver.end)
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} makes objects of what a client sends: some of them run code.`,
        fix: 'Read it as data: JSON.parse, YAML.safe_load.',
        ...(correction === undefined ? {} : { correction }),
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}

function corrected({ file, start, end, name }: Flow, receiverEnd: number): string | undefined {
  const [receiver, rest] = [file.quote(start, receiverEnd), file.quote(receiverEnd, end)]
  if (receiver === 'Marshal') return `JSON.parse${rest.slice(name.length + 1)}`
  return name.startsWith('unsafe_') ? `${receiver}.${name.slice(2)}${rest.slice(name.length + 1)}` : undefined
}
