import { callAt, inputsOf, isAtBeginning } from '../flow/call-at.ts'
import type { Flow } from '../flow/flow-record.ts'
import { flowsAt } from '../flow/flows-at.ts'
import { inContext, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import type { Rule } from '../rule.ts'

export const openOnInput: Rule = {
  id: 'open-on-input',
  about: 'program',
  title: 'A client chooses what `open` opens',
  severity: 'critical',
  cwe: 78,
  explanation: `\`Kernel#open\`, \`IO.read\`, \`IO.readlines\`, \`IO.foreach\` and \`IO.binread\` run their argument as a command where it begins with
\`|\` (Ruby before 4.0), and \`open\` with open-uri fetches it where it is a URL. What is opened here comes from the request:
\`| cat /proc/self/environ\` answers with every key of the process. A name that stands behind a text of the program is no
command, and still chooses a file.

**Fix.** Say what is meant: \`File.open\` or \`File.read\` for a file, with a name that is looked up or checked; an HTTP client for
a URL, with a list of hosts.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'open-uri'\nget('/fetch') { URI.open(params[:url]).read }",
      "require 'sinatra'\nget('/read') { open(params[:file]).read }",
      "require 'sinatra'\nget('/read') { IO.read(params['file']) }",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  get '/lines' do\n    name = params.fetch(:name)\n    IO.readlines(name).first(5).join\n  end\nend",
      "require 'rack'\nclass App\n  def call(env)\n    request = Rack::Request.new(env)\n    [200, {}, [Kernel.open(request.params['source']) { |io| io.read }]]\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nget('/read') { File.open(File.join('files', File.basename(params[:file]))).read }",
      "require 'sinatra'\nget('/log') { open('log/app.log').read }",
      "require 'sinatra'\nget('/read') { open(\"files/#{File.basename(params[:name])}\").read }",
      "require 'sinatra'\nget '/read' do\n  halt 404 unless %w[a.txt b.txt].include?(params[:file])\n  open(params[:file]).read\nend",
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      if (flow.sink !== 'open') continue
      const inputs = inputsOf(flow).filter(isAtBeginning)
      const asked = flowsAt(flows, flow.file, flow.start).filter(({ sink }) => sink === 'request')
      // What takes a key along is told by request-forgery-with-key.
      if (inputs.length === 0 || asked.some((other) => keysOf(other, 'itself').length > 0)) continue
      const correction = asked.length > 0 ? undefined : corrected(program, flow)
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} opens whatever a client names: a file, a URL, or with | a command.`,
        fix:
          asked.length > 0
            ? 'Look the URL up by a name that the caller gives; or parse it, compare its scheme and its host with a list, and open what was parsed.'
            : 'Open files with File.open, and only names that are looked up in a list or taken through File.basename.',
        ...(correction === undefined ? {} : { correction }),
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}

/** The same call, on files only, with only the last part of the name. */
function corrected(program: Program, flow: Flow): string | undefined {
  const [first] = callAt(program, flow)?.args ?? []
  const { file, end, name } = flow
  return first && `File.${name}(File.basename(${file.quote(first.start, first.end)})${file.quote(first.end, end)}`
}
