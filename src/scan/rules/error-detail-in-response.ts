import { inContext, pathsOf } from '../flow/key-labels.ts'
import { rewritten } from '../flow/without-labels.ts'
import type { Rule } from '../rule.ts'

const own = { inText: 'internal error', alone: "'internal error'" }

export const errorDetailInResponse: Rule = {
  id: 'error-detail-in-response',
  about: 'program',
  title: 'Exception detail is answered to the client',
  severity: 'medium',
  cwe: 209,
  explanation: `A route answers with the message or the backtrace of whatever was raised.

Messages quote values: \`KeyError\`, \`NoMethodError\`, \`JSON::ParserError\`, \`URI::InvalidURIError\` and every HTTP client's errors hold
parts of what the program was working with, keys and callers' credentials included (before Ruby 3.3 a \`NameError\` shows
the whole app object with its instance variables). A backtrace shows paths, libraries and their versions. With a status
of 200 nobody's monitoring notices.

**Fix.** Answer with a text of your own and a status of 500, and log the exception's class with an id that the answer
repeats.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/fetch' do\n  begin\n    raise 'Simulated failure' if params['fail']\n  rescue => e\n    { error: e.message, backtrace: e.backtrace }.to_json\n  end\nend",
      "require 'sinatra'\nerror do\n  env['sinatra.error'].message\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  error do |e|\n    halt 500, { error: e.full_message }.to_json\n  end\nend",
      'class ApplicationController < ActionController::API\n  rescue_from StandardError, with: :failed\n\n  private\n\n  def failed(error)\n    render json: { error: error.message }, status: :internal_server_error\n  end\nend',
      'class Orders < Grape::API\n  rescue_from :all\n  get(:orders) { [] }\nend',
      'class Orders < Grape::API\n  rescue_from :all do |e|\n    error!({ error: e.inspect }, 500)\n  end\nend',
      "require 'roda'\nclass App < Roda\n  plugin :error_handler do |e|\n    e.full_message\n  end\nend",
      "class Guard\n  def initialize(app) = @app = app\n\n  def call(env)\n    @app.call(env)\n  rescue StandardError\n    [500, { 'content-type' => 'text/plain' }, [$!.message]]\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nget '/fetch' do\n  begin\n    raise 'Simulated failure' if params['fail']\n  rescue => e\n    logger.error e.class.name\n    halt 500, { error: 'internal error' }.to_json\n  end\nend",
      "require 'sinatra'\nclass Refused < StandardError; end\nget '/pay' do\n  begin\n    raise Refused, 'the card was refused'\n  rescue Refused => e\n    halt 402, e.message\n  end\nend",
      "require 'sinatra'\nerror do\n  { error: 'internal error' }.to_json\nend",
      "class Orders < Grape::API\n  rescue_from :all do\n    error!({ error: 'internal error' }, 500)\n  end\nend",
      'class Orders < Grape::API\n  rescue_from Grape::Exceptions::ValidationErrors do |e|\n    error!({ error: e.message }, 400)\n  end\nend',
    ],
  },
  *check({ flows, isRevealing }) {
    for (const flow of flows) {
      if (flow.sink !== 'response') continue
      const backtraces = flow.labels.filter(({ what }) => what === 'backtrace')
      const messages = flow.labels.filter(({ what, name }) => what === 'message' && name.split(' ').some(isRevealing))
      if (backtraces.length + messages.length === 0) continue
      const both = messages.length > 0 && backtraces.length > 0
      const what = both ? 'the message and the backtrace' : backtraces.length > 0 ? 'the backtrace' : 'the message'
      const shown = [...backtraces, ...messages]
      const correction = rewritten(flow, shown, (labels) =>
        labels.every(({ what: each }) => each === 'backtrace') ? { inText: '', alone: 'nil' } : own,
      )
      yield {
        ...flow,
        ...(correction === undefined ? {} : { correction }),
        confidence: backtraces.length > 0 ? 'certain' : 'firm',
        message: `${inContext(flow.context)} answers with ${what} of whatever was raised.`,
        fix: "Answer with a text of your own: halt 500, { error: 'internal error' }.to_json. Log the class of the exception with an id that the answer repeats.",
        ...pathsOf([...backtraces, ...messages]),
        identity: [flow.context, what],
      }
    }
  },
}
