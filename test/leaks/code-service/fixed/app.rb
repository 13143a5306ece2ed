require 'erb'
require 'json'
require 'rack'

class Report
  def initialize(title)
    @title = title
  end

  def daily(text = '')
    "#{@title} #{text}"
  end
end

class CodeService
  PREVIEW = ERB.new('<p><%= text %></p>')
  REPORTS = { 'daily' => ->(text) { Report.new('r').daily(text) } }.freeze

  def call(env)
    request = Rack::Request.new(env)
    query = request.params
    [200, { 'Content-Type' => 'text/plain' }, [answer(request.path_info, query).to_s]]
  rescue KeyError, ArgumentError, TypeError, JSON::ParserError
    [400, {}, ['not understood']]
  end

  private

  def answer(path, query)
    case path
    when '/formula' then Integer(query['formula']) * 2
    when '/preview' then PREVIEW.result_with_hash(text: ERB::Util.html_escape(query['template']))
    when '/report' then REPORTS.fetch(query['kind']).call(query['text'])
    when '/state' then JSON.parse(query['state']).size
    end
  end
end
