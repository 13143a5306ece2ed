require 'sinatra'
class Invalid < StandardError; end
post '/orders' do
  begin
    raise Invalid, 'amount must be positive' unless params[:amount].to_i.positive?
    'ok'
  rescue Invalid => e
    halt 422, e.message
  end
end
