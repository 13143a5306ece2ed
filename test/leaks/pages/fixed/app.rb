require 'sinatra'
require 'haml'
require 'slim'

set :environment, :production
set :show_exceptions, false

before { @is_ready = !ENV.fetch('MAPS_API_KEY').empty? }

get('/') { erb :map, locals: { place: params[:place] } }
get('/list') { haml :list }
get('/form') { slim :form, locals: { name: 'places' } }
get('/plain') { erb '<p>a map</p>' }
