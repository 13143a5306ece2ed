require 'sinatra'

before do
  logger.debug "#{request.request_method} #{request.path} #{params.to_h}" #! parameter-filter-missing
end

post '/login' do
  halt 401 unless params[:user] == 'ann' && params['password'].to_s.length > 8
  'in'
end
