import { inputsOf, isAtBeginning } from '../flow/call-at.ts'
import { isGuarded } from '../flow/guards.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const redirectFromInput: Rule = {
  id: 'redirect-from-input',
  about: 'program',
  title: 'A client chooses where a redirect leads',
  severity: 'medium',
  cwe: 601,
  explanation: `The target of a redirect comes from the request as it is. A link to this service then leads wherever its author likes: to a
copy of the sign-in page, and with what the redirect carries (a code of a sign-in, a token behind \`#\`) to a host of theirs.

**Fix.** Redirect to a path that the program knows, or to one that begins with one \`/\` and not with \`//\` or \`/\\\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/go') { redirect params[:next] }",
      "require 'sinatra'\npost '/login' do\n  target = params['return_to'] || '/'\n  redirect to(target)\nend",
      'class SessionsController < ActionController::Base\n  def create\n    redirect_to params[:return_to], allow_other_host: true\n  end\nend',
      "require 'roda'\nclass App < Roda\n  route do |r|\n    r.get('go') { r.redirect(r.params['to']) }\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nget('/go') { redirect to('/home') }",
      "require 'sinatra'\nget('/go') { redirect \"/items/#{params[:id]}\" }",
      "require 'sinatra'\nget('/go') { redirect back }",
      "require 'sinatra'\nbefore { redirect request.url.sub('http:', 'https:') unless request.secure? }\nget('/') { 'ok' }",
      "require 'sinatra'\nget '/go' do\n  target = params[:next].to_s\n  target = '/' unless target.start_with?('/') && !target.start_with?('//')\n  redirect target\nend",
      "require 'sinatra'\nTARGETS = { 'a' => '/a' }.freeze\nget('/go') { redirect TARGETS.fetch(params[:to]) }",
      'class SessionsController < ActionController::Base\n  def create\n    redirect_to url_from(params[:return_to]) || root_path\n  end\nend',
    ],
  },
  *check({ program, flows, leavesOut }) {
    for (const flow of flows) {
      if (flow.sink !== 'redirect') continue
      // Fields and the first line of a request are not what a link chooses.
      const inputs = inputsOf(flow).filter((label) => isAtBeginning(label) && label.lineEnds !== 'none')
      if (inputs.length === 0 || isGuarded(flow, { program, leavesOut })) continue
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} redirects to whatever host the request names.`,
        fix: 'Redirect to a path that the program knows, or to one that begins with a single /.',
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}
