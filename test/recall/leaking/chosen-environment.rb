require 'sinatra'
require 'json'
require 'logger'

LOG = Logger.new($stdout)

get '/all' do
  ENV.keys.map { |name| ENV[name] }.join("\n") #! settings-in-response
end

get '/pairs' do
  ENV.keys.sort.map { |name| "#{name}=#{ENV.fetch(name)}" }.join("\n") #! settings-in-response
end

get '/api' do
  ENV.select { |name, _| name =~ /API/ }.to_json #! settings-in-response
end

get '/rest' do
  ENV.to_h.reject { |name, _| name.start_with?('BUNDLE_', 'GEM_') }.to_json #! settings-in-response
end

before do
  LOG.debug(ENV.filter { |name, _| name.end_with?('_TOKEN') }) #! key-in-log
  ENV.each_key { |name| LOG.debug("#{name}: #{ENV[name]}") } #! key-in-log
end
