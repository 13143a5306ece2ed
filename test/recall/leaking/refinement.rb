require 'sinatra'
module Shout
  refine String do
    def with_key = "#{self}#{ENV['API_KEY']}"
  end
end
using Shout
get '/r' do
  'a'.with_key #! key-in-response
end
