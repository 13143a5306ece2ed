require 'sinatra'
get '/stream' do
  stream do |out|
    out << 'start'
    out << ENV['STREAM_TOKEN'] #! key-in-response
  end
end
