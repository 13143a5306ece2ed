require 'sinatra'
require 'tilt'
require 'slim'
require 'yaml'
require 'open-uri'

post('/tilt') { Tilt::ERBTemplate.new { params[:body] }.render(self) } #! code-from-input
post('/slim') { Slim::Template.new { params[:body] }.render } #! code-from-input

post '/by-name' do
  source = request.body.read
  Tilt['erb'].new { |_template| source }.render(Object.new) #! code-from-input
end

post('/import') { YAML.unsafe_load_file(params[:file]).size.to_s } #! object-from-input
post('/stream') { YAML.load_stream(request.body.read).size.to_s } #! object-from-input
get('/status') { URI.open("https://#{params[:host]}/status").read.size.to_s } #! request-forgery
