# frozen_string_literal: true

require 'json'
require 'logger'
require 'securerandom'
require 'sinatra/base'
require_relative 'lib/catalog'

# Answers with what the catalog says; its key never leaves the request to it.
class CatalogApp < Sinatra::Base
  set :bind, '127.0.0.1'
  set :port, ENV.fetch('PORT', '4567').to_i
  set :show_exceptions, false
  set :raise_errors, false
  set :logging, false
  set :public_key, ENV['CATALOG_PUBLIC_KEY']

  configure :development do
    use Rack::ShowExceptions
    enable :logging
  end

  helpers do
    def catalog
      Catalog.new(ENV.fetch('CATALOG_URL'))
    end

    def answer(value)
      content_type :json
      value.to_json
    end
  end

  before { @request_id = SecureRandom.uuid }

  get '/items/:id' do
    answer catalog.item(params[:id])
  end

  get '/search' do
    answer catalog.search(params[:q])
  rescue Catalog::Unavailable => e
    halt 503, answer(error: e.message, id: @request_id)
  end

  get '/status' do
    answer ready: ENV.key?('CATALOG_API_KEY'), key_length: ENV['CATALOG_API_KEY'].to_s.length, public_key: settings.public_key
  end

  post '/hooks' do
    wanted = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('HOOK_SECRET'), request.body.read)
    halt 403 unless Rack::Utils.secure_compare(request.env['HTTP_X_SIGNATURE'].to_s, wanted)
    204
  end

  error do
    logger.error("#{@request_id} #{env['sinatra.error'].class}")
    answer error: 'internal error', id: @request_id
  end
end
