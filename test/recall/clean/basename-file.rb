require 'sinatra'
get '/file/:name' do
  send_file File.join('/srv/files', File.basename(params[:name]))
end
