require 'sinatra'
def with_key
  yield ENV['API_KEY']
  'done'
end
get('/b') { with_key { |k| k.length } }
