require 'sinatra'
require_relative 'lib/base_client'

get('/1') { AsanaClient.new.to_s } #! key-in-response
get('/2') { PublicClient.new.to_s }
get('/3') { QuietClient.new.to_s }
get('/4') { AsanaClient.new.headers['Authorization'] } #! key-in-response
get('/5') { AsanaClient.new.headers['Accept'] }
get('/6') { "client: #{AsanaClient.new}" } #! key-in-response
get('/7') { AsanaClient.new.headers.reject { |k, _| k == 'Authorization' }.to_s }
