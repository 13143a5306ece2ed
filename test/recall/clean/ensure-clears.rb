require 'sinatra'
get '/e' do
  key = ENV['API_KEY'].dup
  begin
    key.bytesize.to_s
  ensure
    key.clear
  end
end
