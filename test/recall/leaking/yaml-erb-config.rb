require 'sinatra'
require 'yaml'
require 'erb'

SETTINGS = YAML.load(ERB.new(File.read(File.expand_path('config/settings.yml', __dir__))).result)

before do
  logger.info "token is #{SETTINGS['production']['api_token']}" #! key-in-log
end

get('/') { 'hello' }
