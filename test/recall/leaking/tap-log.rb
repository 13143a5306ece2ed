require 'sinatra'
require 'logger'
LOG = Logger.new($stdout)
def token = ENV['API_TOKEN'].tap { |t| LOG.info("token #{t}") } #! key-in-log
get('/') { token.length.to_s }
