import { callAt, endsInName, inputsOf, isAtBeginning, lastPart, writtenAs } from '../flow/call-at.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Call } from '../form.ts'
import type { Rule } from '../rule.ts'

export const pathTraversal: Rule = {
  id: 'path-traversal',
  about: 'program',
  title: 'A client chooses which file is read',
  severity: 'high',
  cwe: 22,
  explanation: `The name of a file that is read, sent or listed comes from the request, and nothing keeps it in its folder. With
\`../../proc/self/environ\` a client reads the process's environment: every key that the service was started with. The source, the
configuration, the private key of the service's own certificate and \`/proc/self/mem\` are as near.

What a Sinatra route takes out of its path holds no \`..\` as long as \`protection\` is on; parameters of the query and the body do.

A check against the folder needs the separator: \`/srv/files-old/…\` starts with \`/srv/files\`. Taking \`../\` out of a name once
makes \`../\` of \`....//\`.

**Fix.** Look the name up in what the service knows (\`FILES.fetch(name)\`), or take its last part (\`File.basename(name)\`), or make
the path absolute and compare it with the folder and a separator: \`path = File.expand_path(name, folder)\`,
\`halt 404 unless path.start_with?("#{folder}/")\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/download' do\n  send_file File.join('files', params[:name])\nend",
      "require 'sinatra/base'\nclass Reports < Sinatra::Base\n  helpers do\n    def report(name)\n      File.read(\"reports/#{name}\")\n    end\n  end\n  get('/report') { report(params['name']) }\nend",
      "require 'sinatra'\nROOT = File.expand_path('files')\nget '/download' do\n  path = File.expand_path(params[:name], ROOT)\n  halt 403 unless path.start_with?(ROOT)\n  send_file path\nend",
      "require 'sinatra'\nget '/download' do\n  name = params[:name].gsub('../', '')\n  File.open(\"files/#{name}\", &:read)\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  disable :protection\n  get('/files/*') { |name| File.read(\"files/#{name}\") }\nend",
      "require 'rack'\nclass Files\n  def call(env)\n    request = Rack::Request.new(env)\n    [200, {}, [File.binread(File.join('files', request.params['name']))]]\n  end\nend",
      "require 'sinatra'\nrequire 'json'\npost '/read' do\n  wanted = JSON.parse(request.body.read)\n  IO.foreach(\"logs/#{wanted['file']}\").first(10).join\nend",
      "require 'sinatra'\nrequire 'pathname'\nget('/page') { (Pathname.new('pages') + params[:page]).read }",
      "require 'sinatra'\nget('/read') { open(\"files/#{params[:name]}\").read }",
    ],
    good: [
      "require 'sinatra'\nget('/files/*') { |name| File.read(\"files/#{name}\") }",
      "require 'sinatra'\nget('/files/:name') { send_file File.join('files', params[:name]) }",
      "require 'roda'\nclass App < Roda\n  route do |r|\n    r.get('doc', String) { |name| File.read(\"docs/#{name}.md\") }\n  end\nend",
      "require 'sinatra'\nget '/download' do\n  send_file File.join('files', File.basename(params[:name]))\nend",
      "require 'sinatra'\nROOT = File.expand_path('files')\nget '/download' do\n  path = File.expand_path(params[:name], ROOT)\n  halt 403 unless path.start_with?(\"#{ROOT}/\")\n  send_file path\nend",
      "require 'sinatra'\nNAMES = %w[a.pdf b.pdf].freeze\nget '/download' do\n  halt 404 unless NAMES.include?(params[:name])\n  send_file \"files/#{params[:name]}\"\nend",
      "require 'sinatra'\nFILES = { 'terms' => 'files/terms.pdf' }.freeze\nget('/download') { send_file FILES.fetch(params[:name]) }",
      "require 'sinatra'\nget('/invoice') { File.read(\"invoices/#{Integer(params[:id])}.pdf\") }",
      "require 'sinatra'\nhelpers do\n  def known?(name) = %w[a b].include?(name)\nend\nget '/page' do\n  name = params[:page]\n  return 404 unless known?(name)\n  File.read(\"pages/#{name}.html\")\nend",
      "require 'sinatra'\nget '/*' do\n  index = File.join(settings.public_folder, request.path, 'index.html')\n  send_file index\nend",
      "require 'sinatra'\nget '/page' do\n  name = params[:page].gsub(/[^\\w-]/, '')\n  File.read(\"pages/#{name}.html\")\nend",
      "require 'sinatra'\nget '/page' do\n  case params[:page]\n  when 'terms', 'about' then File.read(\"pages/#{params[:page]}.html\")\n  else 404\n  end\nend",
      "require 'sinatra'\nget '/page' do\n  if params[:page].match?(/\\A[a-z0-9_-]+\\z/)\n    File.read(\"pages/#{params[:page]}.html\")\n  else\n    halt 404\n  end\nend",
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      if (flow.sink !== 'path' && flow.sink !== 'open') continue
      const inputs = inputsOf(flow).filter(({ cleared }) => cleared !== 'path' && cleared !== 'parents')
      // What may be a command as well is told by open-on-input.
      if (flow.sink === 'open' && inputs.some(isAtBeginning)) continue
      if (inputs.length === 0) continue
      const call = callAt(program, flow)
      // Only files of one name, none of which the process was given keys in.
      if (call && endsInName(writtenAs(program, flow, call.args[0]))) continue
      const correction = corrected(call, flow)
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} opens a file whose name a client chooses: ../../proc/self/environ is one.`,
        fix: 'Look the name up in a list, take File.basename of it, or compare File.expand_path of it with the folder and a separator behind it.',
        ...(correction === undefined ? {} : { correction }),
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}

/** The same call with only the last part of the name. */
function corrected(call: Call | undefined, flow: Flow): string | undefined {
  const part = lastPart(call?.args[0])
  if (!call || !part || part.start < flow.start || part.end > flow.end) return undefined
  const { file, start, end } = flow
  return `${file.quote(start, part.start)}File.basename(${file.quote(part.start, part.end)})${file.quote(part.end, end)}`
}
