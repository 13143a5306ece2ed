require 'rack'

class Settings < Struct.new(:dsn, :token, :region, keyword_init: true)
  def self.from_env
    new(dsn: ENV['SENTRY_DSN'], token: ENV['DEPLOY_TOKEN'], region: ENV['REGION'])
  end
end

App = Rack::Builder.new do
  settings = Settings.from_env
  map '/status' do
    run ->(_env) { [200, {}, ["region #{settings.region}"]] }
  end
  map '/settings' do
    run ->(_env) { [200, {}, [settings.to_h.to_s]] } #! key-in-response
  end
  map '/header' do
    run ->(_env) { [200, { 'x-deploy-token' => settings.token }, []] } #! key-in-field
  end
end.to_app
