require 'sinatra/base'
require 'json'

class App < Sinatra::Base
  set :jwt_secret, ENV['JWT_SECRET']
  set :app_name, 'dash'

  get('/name') { settings.app_name }
  get('/secret') { settings.jwt_secret } #! key-in-response
  get('/secret2') { App.jwt_secret } #! key-in-response
  get('/secret3') { self.class.settings.jwt_secret } #! key-in-response
  get('/all') { settings.inspect }
  get('/each') do
    %i[app_name jwt_secret].to_h { |n| [n, settings.send(n)] }.to_json #! key-in-response
  end
  get('/req') { request.env.inspect } #! caller-credential-in-response
  get('/req2') { env.map { |k, v| "#{k}: #{v}" }.join("\n") } #! caller-credential-in-response
  get('/req3') { request.env['HTTP_USER_AGENT'].to_s }
  get('/req4') { request.env.select { |k, _| k.start_with?('HTTP_') }.to_json } #! caller-credential-in-response
end
