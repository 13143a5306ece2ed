require 'sinatra'
$token = ENV['API_TOKEN'] #! key-constant
get('/g') { $token } #! key-in-response
