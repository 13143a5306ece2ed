require 'sinatra'
require 'erb'
require 'logger'

LOG = Logger.new($stdout)

TEMPLATE = <<~ERB
  Report for <%= name %>
  mailgun: <%= token %>
ERB

def render_report(name, token)
  ERB.new(TEMPLATE).result(binding)
end

def render_plain(name)
  ERB.new("Report for <%= name %>\n").result(binding)
end

get '/report/:name' do
  content_type 'text/plain'
  render_report(params[:name], ENV['MAILGUN_API_KEY']) #! key-in-response
end

get '/plain/:name' do
  content_type 'text/plain'
  render_plain(Rack::Utils.escape_html(params[:name]))
end
