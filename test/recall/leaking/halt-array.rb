require 'sinatra'
before do
  halt [401, { 'Content-Type' => 'text/plain' }, "expected #{ENV['WEBHOOK_SECRET']}"] unless params[:ok] #! key-in-response
end
get('/') { 'ok' }
