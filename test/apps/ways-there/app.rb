require 'sinatra/base'
require_relative 'lib/client'
require_relative 'lib/auth_helpers'

class Config
  attr_reader :api_key

  def initialize
    @api_key = ENV['PAYMENTS_API_KEY']
  end

  def self.instance
    @instance ||= new
  end
end

Creds = Struct.new(:user, :token)

class App < Sinatra::Base
  helpers AuthHelpers
  set(:secret_token) { ENV['SERVICE_TOKEN'] }
  configure do
    set upstream_key: ENV.fetch('UPSTREAM_KEY', nil)
  end

  before { @key = ENV['PAYMENTS_API_KEY'] }

  get('/instance-variable') { @key }
  get('/setting') { settings.upstream_key }
  get('/setting-block') { json token: settings.secret_token }
  get('/helper') { auth_header }
  get('/reader') { Config.new.api_key }
  get('/singleton') { Config.instance.api_key }
  get('/list') { [200, { 'X-Key' => ENV['SERVICE_TOKEN'] }, ['ok']] }
  get('/format') { format('key=%s', ENV['SERVICE_TOKEN']) }
  get('/locals') { erb :view, locals: { key: ENV['SERVICE_TOKEN'] } }
  get('/redirect') { redirect "/x?token=#{ENV['SERVICE_TOKEN']}" }
  get('/object') { Client.new(ENV['SERVICE_TOKEN']).headers.to_json }
  get('/body') { body ENV['SERVICE_TOKEN'] }
  get('/ternary') { params[:d] ? "debug #{ENV['SERVICE_TOKEN']}" : 'ok' }
  get('/map') { [ENV['SERVICE_TOKEN'], 'x'].map { |v| v.to_s }.join(',') }
  get('/names') { %w[SERVICE_TOKEN PORT].each_with_object({}) { |k, h| h[k] = ENV[k] }.to_json }
  get('/client') { Client.new(ENV['SERVICE_TOKEN']).get('/x') }
  get('/compare') { Rack::Utils.secure_compare(params[:k], settings.secret_token) ? 'ok' : halt(403) }

  get '/record' do
    c = Creds.new('me', ENV['SERVICE_TOKEN'])
    c.token
  end

  get '/case' do
    case params[:x]
    when '1' then 'no'
    else ENV.fetch('SERVICE_TOKEN')
    end
  end

  get '/nested' do
    h = { a: { b: ENV['SERVICE_TOKEN'], c: 'x' } }
    h[:a][:b]
  end

  get '/nested-other' do
    h = { a: { b: ENV['SERVICE_TOKEN'], c: 'x' } }
    h[:a][:c]
  end

  get '/append' do
    s = +''
    s << 'key: '
    s << ENV['SERVICE_TOKEN']
    s
  end

  get '/stream' do
    stream do |out|
      out << ENV['SERVICE_TOKEN']
    end
  end

  get '/cookie' do
    response.set_cookie 'k', value: ENV['SERVICE_TOKEN']
    'ok'
  end

  get '/raised' do
    Client.new(ENV['SERVICE_TOKEN']).fail!
  rescue Client::Error => e
    halt 502, e.message
  end

  get '/next' do
    next ENV['SERVICE_TOKEN'] if params[:x]
    'ok'
  end

  get '/several' do
    a, = ENV.values_at('SERVICE_TOKEN', 'PORT')
    a
  end

  get '/lambda' do
    f = -> { ENV['SERVICE_TOKEN'] }
    f.call
  end

  get '/overwritten' do
    key = ENV['SERVICE_TOKEN']
    key = 'none'
    key
  end

  error do |e|
    { error: e.message }.to_json
  end
end

module Routes
  def self.registered(app)
    app.get '/registered' do
      ENV['SERVICE_TOKEN']
    end
  end
end

ENV.each { |k, v| puts "#{k}=#{v}" }
