require 'sinatra'
require 'json'

set :environment, :production
set :show_exceptions, false

helpers do
  def known?(credential)
    credential.to_s.length > 8
  end
end

get '/orders' do
  halt 401 unless known?(params[:api_key])
  { orders: [] }.to_json
end

get '/invoices' do
  credential = env['HTTP_AUTHORIZATION']
  logger.info "invoices for #{credential}"
  halt 401 unless known?(credential)
  { invoices: [] }.to_json
end
