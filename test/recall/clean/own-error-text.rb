require 'sinatra'
require 'securerandom'
error do
  id = SecureRandom.uuid
  logger.error "#{id} #{env['sinatra.error'].class}"
  content_type :json
  { error: 'internal error', id: id }.to_json
end
get('/') { 'ok' }
