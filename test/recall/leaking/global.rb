require 'sinatra'
$token = ENV['API_TOKEN']
get('/g') { $token } #! key-in-response
