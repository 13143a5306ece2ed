require 'sinatra'
require 'digest'
get '/cached' do
  cache_key = "page:#{Digest::SHA256.hexdigest(request.path)}"
  logger.debug "cache key #{cache_key}"
  cache_key
end
