# frozen_string_literal: true

require 'json'
require 'logger'
require 'sinatra/base'
require_relative 'lib/settings'
require_relative 'lib/upstream'
require_relative 'lib/presenters'
require_relative 'routes/admin'

module Payments
  class App < Sinatra::Base
    helpers Presenters
    register Routes::Admin

    set :upstream, Upstream.new(Settings.load)
    set :webhook_secret, ENV.fetch('WEBHOOK_SECRET')
    set :ssl_verify_mode, :peer
    set :ssl_cert, 'tls/server.pem'
    disable :logging

    configure :development do
      set :show_exceptions, true
    end

    before do
      @started = Time.now
      @upstream = settings.upstream
    end

    get '/payments/:id' do
      json_body @upstream.payment(params[:id])
    end

    get '/rates' do
      json_body @upstream.rates(params[:currency])
    rescue URI::InvalidURIError => e
      halt 400, json_body(error: "bad request: #{e.message}")
    end

    post '/webhook' do
      given = request.env['HTTP_X_SIGNATURE'].to_s
      wanted = OpenSSL::HMAC.hexdigest('SHA256', settings.webhook_secret, request.body.read)
      halt 403 unless Rack::Utils.secure_compare(given, wanted)
      status 204
    end

    get '/diagnostics' do
      json_body describe(@upstream)
    end

    error Upstream::Refused do |e|
      halt 502, json_body(error: e.message)
    end

    error do
      logger.error("failed: #{env['sinatra.error'].class}")
      json_body(error: 'internal error')
    end
  end
end
