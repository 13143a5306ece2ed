require 'sinatra'
require 'json'
require 'logger'

LOG = Logger.new($stdout)
HIDDEN = /key|secret/i

get '/rack' do
  ENV.select { |name, _| name.start_with?('RACK_') }.to_json
end

get '/known' do
  ENV.keys.select { |name| name.include?('REGION') }.map { |name| "#{name}=#{ENV[name]}" }.join("\n")
end

get '/masked' do
  ENV.reject { |name, _| HIDDEN.match?(name) }.to_json
end

get '/without' do
  ENV.to_h.reject { |name, _| name =~ /KEY|TOKEN|SECRET|PASS/ }.to_json
end

get '/also-without' do
  ENV.select { |name, _| name !~ /KEY|TOKEN|SECRET|PASS/ }.to_json
end

before do
  LOG.debug(ENV.select { |name, _| name =~ /API/ }.keys)
  LOG.debug(ENV.keys.grep(/TOKEN/).map(&:downcase).join(','))
  LOG.debug(ENV.keys.map { |name| ENV[name].to_s.length }.sum)
end
