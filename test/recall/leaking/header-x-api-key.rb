require 'sinatra'

after do
  response.headers['X-Upstream-Key'] = ENV['UPSTREAM_KEY'] #! key-in-field
end

get('/') { 'ok' }
