require 'sinatra'
post '/hook' do
  expected = ENV['WEBHOOK_SECRET']
  given = request.env['HTTP_X_SECRET']
  unless Rack::Utils.secure_compare(expected, given)
    logger.warn "bad secret: got #{given.length}, expected #{expected}" #! key-in-log
    halt 403
  end
  'ok'
end
