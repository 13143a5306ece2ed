require 'sinatra'
get('/version') { { version: ENV['APP_VERSION'], commit: ENV['GIT_SHA'], region: ENV['AWS_REGION'] }.to_json }
