require 'sinatra'

set :environment, :production
set :public_folder, __dir__

TARIFF = { 'small' => 3, 'large' => 5 }.freeze

get('/price') { TARIFF.fetch(params[:size], 0).to_s }
