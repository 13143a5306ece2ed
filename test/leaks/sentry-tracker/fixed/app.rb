require 'sinatra'
require 'json'
require 'net/http'
require 'sentry-ruby'

set :environment, :production
set :show_exceptions, false

Sentry.init do |config|
  config.dsn = "#{ENV.fetch('TRACKER_URL').sub('://', '://public@')}/1"
  config.background_worker_threads = 0
  config.send_client_reports = false
  config.logger = Logger.new(File::NULL)
end

helpers do
  def search_fields
    { 'X-Search-Key' => ENV.fetch('SEARCH_API_KEY') }
  end
end

before do
  Sentry.set_tags(path: request.path_info)
end

get '/search' do
  Sentry.with_scope do |scope|
    scope.set_extras(fields: search_fields.keys)
    Sentry.capture_message('the search was slow')
  end
  'nothing found'
end

get '/index' do
  begin
    raise ArgumentError, 'the index refused the key'
  rescue ArgumentError => e
    Sentry.capture_exception(e)
  end
  'later'
end

get '/trail' do
  Sentry.add_breadcrumb(Sentry::Breadcrumb.new(message: 'searching', data: { fields: search_fields.size }))
  Sentry.capture_message('no trail')
  'ok'
end
