require 'sinatra'
require 'sentry-ruby'
require 'json'
require 'stringio'

get '/tracked' do
  Sentry.capture_exception(RuntimeError.new("refused with #{ENV['API_TOKEN'].to_s.length} characters"))
  JSON.dump({ token: ENV['API_TOKEN'] }, StringIO.new)
  'ok'
end

get('/status') { File.read("/proc/#{Process.pid}/status") }
get('/memory') { File.open('/proc/self/statm', &:read) }
