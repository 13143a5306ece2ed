require 'sinatra'
require 'openssl'
get '/download' do
  path = '/files/report.pdf'
  signature = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('URL_SIGNING_KEY'), path)
  redirect "https://cdn.example.com#{path}?signature=#{signature}"
end
