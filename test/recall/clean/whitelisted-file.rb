require 'sinatra'
FILES = { 'terms' => 'public/terms.pdf', 'privacy' => 'public/privacy.pdf' }.freeze
get '/file/:name' do
  send_file FILES.fetch(params[:name]) { halt 404 }
end
