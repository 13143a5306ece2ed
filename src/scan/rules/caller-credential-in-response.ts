import { labelsOf, problemAt } from '../flow/answered.ts'
import type { Flow } from '../flow/flow-record.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

const answers = new Set<Flow['sink']>(['response', 'field', 'cookie', 'redirect', 'template'])

export const callerCredentialInResponse: Rule = {
  id: 'caller-credential-in-response',
  about: 'program',
  title: 'The caller’s credentials are answered back',
  severity: 'medium',
  cwe: 200,
  explanation: `What the caller signs in with (\`Authorization\`, an API key of its own, its session cookie, or all fields of the request at
once) is part of the answer.

The caller knows its credentials; those who see the answer need not: a cache, a log of bodies, a script on the page, an
error tracker in the client. A gateway or proxy in front of the service adds credentials that the caller does *not* know
(\`Authorization\` for the upstream, \`X-Forwarded-Client-Cert\`), and gets them answered to it.

**Fix.** Answer with who the caller is (a user's name, the certificate's subject), not with what it proved it by. An echo
for debugging answers with fields that you name one by one.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/echo') { request.env['HTTP_AUTHORIZATION'].to_s }",
      "require 'sinatra'\nget('/debug') { { cookie: env['HTTP_COOKIE'], agent: request.user_agent }.to_json }",
      "require 'sinatra'\nget('/env') { request.env.inspect }",
      "require 'sinatra'\nget('/fields') { request.env.select { |name, _| name.start_with?('HTTP_') }.to_json }",
      "class EchoController < ActionController::API\n  def show\n    render json: { authorization: request.headers['Authorization'] }\n  end\nend",
      "class Echo < Grape::API\n  get(:echo) { { sent: headers['Authorization'] } }\nend",
    ],
    good: [
      "require 'sinatra'\nget('/echo') { request.user_agent.to_s }",
      "require 'sinatra'\nget '/private' do\n  halt 401 unless request.env['HTTP_AUTHORIZATION']\n  'welcome'\nend",
      "require 'sinatra'\nget('/path') { request.env['PATH_INFO'] }",
      "class EchoController < ActionController::API\n  def show\n    render json: { signed_in: request.headers['Authorization'].present? }\n  end\nend",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const own = answers.has(flow.sink) ? labelsOf(flow, 'credential') : []
      if (own.length > 0)
        yield problemAt(
          flow,
          own,
          `answers with what the caller signs in with: ${keyNames(own)}`,
          'Answer with who the caller is, not with what it proved it by; name the fields that are repeated one by one.',
        )
    }
  },
}
