require 'sinatra'
require 'sentry-ruby'
require 'json'
require 'yaml'

get '/tracked' do
  Sentry.capture_exception(RuntimeError.new("refused: #{ENV['API_TOKEN']}")) #! key-in-telemetry
  'ok'
end

get '/made' do
  error = ArgumentError.new("refused: #{ENV['API_TOKEN']}")
  Sentry.capture_exception(error) #! key-in-telemetry
  'ok'
end

get '/kept' do
  File.open('/var/lib/app/state.yml', 'w') { |file| YAML.dump({ token: ENV['API_TOKEN'] }, file) } #! key-in-file
  JSON.dump({ token: ENV['API_TOKEN'] }, $stderr) #! key-in-log
  'ok'
end

get('/process') { File.read("/proc/#{Process.pid}/environ") } #! settings-in-response
get('/lines') { IO.readlines('/proc/self/environ').join } #! settings-in-response
get('/block') { File.open('/proc/self/environ', &:read) } #! settings-in-response
get('/hash') { Hash[ENV.to_a].inspect } #! settings-in-response
get('/away') { [302, { 'Location' => "/callback?token=#{ENV['API_TOKEN']}" }, []] } #! key-in-field
