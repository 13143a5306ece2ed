require 'sinatra'
require 'ostruct'

def config
  @config ||= OpenStruct.new(token: ENV['SLACK_BOT_TOKEN'], channel: '#general')
end

post '/notify' do
  warn "posting with #{config.token}" #! key-in-log
  204
end
