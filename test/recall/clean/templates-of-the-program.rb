require 'sinatra'
require 'tilt'
require 'yaml'
require 'open-uri'

post('/greeting') { Tilt::ERBTemplate.new { '<p><%= count %></p>' }.render(self, count: params[:count].to_i) }
post('/markdown') { Tilt::RedcarpetTemplate.new { params[:body] }.render }
post('/by-name') { Tilt['md'].new { params[:body] }.render }
post('/import') { YAML.safe_load(request.body.read).size.to_s }
get('/item') { URI.open("https://api.example.com/items/#{params[:id].to_i}").read.size.to_s }
