require 'sinatra'
require 'haml'
require 'slim'

set :environment, :production
set :show_exceptions, false

before { @maps_key = ENV.fetch('MAPS_API_KEY') }

get('/') { erb :map, locals: { place: params[:place] } }
get('/list') { haml :list }
get('/form') { slim :form, locals: { token: @maps_key } }
get('/plain') { erb "<p>the key is #{@maps_key}</p>" }
