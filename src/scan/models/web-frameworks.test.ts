import { expect, it } from 'vitest'
import { scan } from '../scan.ts'

/** What comments say: `#! key-in-field`. */
function marked(code: string): string[] {
  return code.split('\n').flatMap((line, index) =>
    (/#!((?: [\w-]+)+)/.exec(line)?.[1] ?? '')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map((rule) => `${index + 1} ${rule}`),
  )
}

const cases: Readonly<Record<string, string>> = {
  'sinatra-contrib': `require 'sinatra/base'
require 'sinatra/json'
require 'sinatra/namespace'
class App < Sinatra::Base
  register Sinatra::Namespace
  helpers Sinatra::Cookies
  namespace '/v1' do
    get('/json') { json key: ENV['A_API_KEY'] } #! key-in-response
    get('/any') { respond_to { |f| f.json { ENV['A_API_KEY'] }; f.html { 'x' } } } #! key-in-response
  end
  get('/cookie') { cookies[:k] = ENV['A_API_KEY']; 204 } #! key-in-cookie
  get('/theme') { cookies[:theme] = 'dark'; 204 }
  get('/own') { request.cookies['session_id'] } #! caller-credential-in-response
  get('/own-theme') { request.cookies['theme'] }
  get('/all') { cookies.to_h.to_json } #! caller-credential-in-response
end
Other = Sinatra.new do
  get('/x') { ENV['A_API_KEY'] } #! key-in-response
end
`,
  'Sinatra’s words': `require 'sinatra/base'
class App < Sinatra::Base
  get('/error') { error 500, ENV['A_API_KEY'] } #! key-in-response
  get('/to') { redirect to("/x?k=#{ENV['A_API_KEY']}") } #! key-in-redirect
  get('/etag') { etag ENV['A_API_KEY']; 'x' } #! key-in-field
  get('/two') { [200, ENV['A_API_KEY']] } #! key-in-response
  get('/flash') { flash[:k] = ENV['A_API_KEY']; 'x' } #! key-in-session
  get('/events') { stream(:keep_open) { |out| out << "data: #{ENV['A_API_KEY']}" } } #! key-in-response
  get('/body') { response.body = ENV['A_API_KEY'] } #! key-in-response
  get('/write') { response.write(ENV['A_API_KEY']); nil } #! key-in-response
  get('/field') { request.env['HTTP_X_API_KEY'] } #! caller-credential-in-response
  get('/path') { request.env['PATH_INFO'] }
  before { @key = ENV['A_API_KEY'] }
  get('/set') { @key ? 'yes' : 'no' }
  error(500) { env['sinatra.error'].inspect } #! error-detail-in-response
  not_found { "#{ENV['A_API_KEY']}" } #! key-in-response
end
`,
  Grape: `class Api < Grape::API
  version 'v1', using: :header
  rescue_from ArgumentError do |e|
    error!({ error: e.message, trace: e.backtrace }, 400) #! error-detail-in-response
  end
  helpers do
    def key = ENV['B_API_KEY']
  end
  before { header 'X-K', key } #! key-in-field
  resource :things do
    get { { key: key } } #! key-in-response
    route_param :id do
      get(:present) { present key } #! key-in-response
      post { error!(key, 401) } #! key-in-response
      get(:own) { headers['X-Api-Key'] } #! caller-credential-in-response
      get(:accepts) { headers['Accept'] }
      get(:cookie) { cookies[:a] = { value: key, path: '/' }; status 204 } #! key-in-cookie
      get(:ok) { { configured: !key.nil? } }
    end
  end
end
`,
  'Grape, errors as they come': `class Api < Grape::API
  rescue_from :all #! error-detail-in-response
  get(:things) { [] }
end
`,
  Roda: `require 'roda'
class App < Roda
  opts[:api_key] = ENV['C_API_KEY']
  plugin :json
  plugin :error_handler do |e|
    e.message #! error-detail-in-response
  end
  route do |r|
    r.root { ENV['C_API_KEY'] } #! key-in-response
    r.on 'things' do
      r.get(String) { |id| opts[:api_key] } #! key-in-response
      r.is('field') { response['X-K'] = ENV['C_API_KEY']; 'ok' } #! key-in-field
      r.post('away') { r.redirect "/x?k=#{ENV['C_API_KEY']}" } #! key-in-redirect
      r.get('halt') { r.halt [200, {}, [ENV['C_API_KEY']]] } #! key-in-response
      r.get('ok') { { a: 1 } }
    end
  end
end
`,
  Hanami: `module Web
  class Show < Hanami::Action
    include Deps['settings']
    def handle(request, response)
      response.body = settings.stripe_api_key #! key-in-response
      response.headers['X-K'] = ENV['D_API_KEY'] #! key-in-field
      response.session[:k] = ENV['D_API_KEY'] #! key-in-session
      halt 401, 'no' if request.params[:x]
      response.redirect_to "/x?k=#{ENV['D_API_KEY']}" #! key-in-redirect
    end
  end
end
`,
  Padrino: `module Shop
  class App < Padrino::Application
    get(:index) { ENV['E_API_KEY'] } #! key-in-response
  end
end
Shop::App.controllers :keys do
  get :show do
    ENV['E_API_KEY'] #! key-in-response
  end
  get :ok do
    'ok'
  end
end
`,
  Cuba: `require 'cuba'
Cuba.define do
  on get do
    on root do
      res.write ENV['F_API_KEY'] #! key-in-response
    end
  end
end
`,
  Rails: `class ApplicationController < ActionController::API
  rescue_from StandardError, with: :failed
  rescue_from(ArgumentError) { |e| render json: { error: e.full_message }, status: :bad_request } #! error-detail-in-response
  rescue_from KeyError, with: ->(e) { render plain: e.message } #! error-detail-in-response
  before_action :set_key
  private
  def failed(error)
    render json: { error: error.message }, status: 500 #! error-detail-in-response
  end
  def set_key
    @key = Rails.application.credentials.stripe[:secret_key]
  end
end
class ThingsController < ApplicationController
  def index
    render json: { key: @key } #! key-in-response
  end
  def show
    respond_to do |format|
      format.json { render json: { k: Rails.application.credentials.dig(:aws, :secret_access_key) } } #! key-in-response
    end
  end
  def away
    redirect_to "https://x.example.com/?k=#{ENV['G_API_KEY']}" #! key-in-redirect
  end
  def keep
    cookies.encrypted[:k] = ENV['G_API_KEY']
    session[:k] = ENV['G_API_KEY'] #! key-in-session
    response.headers['X-K'] = Rails.configuration.x.stripe.api_key #! key-in-field
    head :ok, x_key: ENV['G_API_KEY'] #! key-in-field
  end
  def own
    render plain: request.headers['Authorization'] #! caller-credential-in-response
  end
  def config
    render json: Rails.application.config_for(:stripe)[:secret_key] #! key-in-response
  rescue => e
    render json: { e: $!.message } #! error-detail-in-response
  end
  def all
    render json: Rails.application.credentials.to_h #! settings-in-response
  end
  def fine
    render json: { version: Rails.version, region: Rails.application.credentials.region }
  end
end
`,
  Rack: `class Keys
  def initialize(app)
    @app = app
  end

  def call(env)
    status, headers, body = @app.call(env)
    headers['X-Key'] = ENV['H_API_KEY'] #! key-in-field
    env['rack.session'][:key] = ENV['H_API_KEY'] #! key-in-session
    return denied(ENV['H_API_KEY']) if env['PATH_INFO'] == '/denied' #! key-in-response
    [status, headers, body]
  end

  def denied(why)
    [403, { 'content-type' => 'text/plain' }, [why]]
  end
end
class Lookup
  def call(name)
    [ENV['H_API_KEY'], name].first
  end
end
run(lambda { |env| Rack::Response.new('ok', 200, 'X-Key' => ENV['H_API_KEY']).finish }) #! key-in-field
run(->(env) { [200, {}, [env.inspect]] }) #! caller-credential-in-response
`,
  'engines by themselves': `require 'sinatra'
PAGE = ERB.new(File.read('page.erb'))
get('/erb') { PAGE.result_with_hash(key: ENV['I_API_KEY']) } #! key-in-response
get('/tilt') { Tilt.new('page.haml').render(self, key: ENV['I_API_KEY']) } #! key-in-response
get('/liquid') { Liquid::Template.parse('{{ key }}').render('key' => ENV['I_API_KEY']) } #! key-in-response
get('/plain') { PAGE.result_with_hash(name: params[:name]) }
`,
}

it.each(Object.entries(cases))('tells what is answered through %s, and nothing else', async (_title, code) => {
  const { findings, gaps } = await scan([{ path: 'app.rb', text: code }])
  const ignored = new Set(['key-constant', 'session-cookie-without-flags'])
  const found = findings.flatMap(({ rule, at }) => ('line' in at && !ignored.has(rule) ? [`${at.line} ${rule}`] : []))
  expect(found.sort()).toEqual(marked(code).sort())
  expect(gaps).toEqual([])
})
