require 'sinatra'
require 'sequel'

DB = Sequel.connect(ENV['DATABASE_URL'])
COLUMNS = { 'name' => :name, 'age' => :age }.freeze

get '/people' do
  column = COLUMNS.fetch(params[:by], :name)
  rows = DB[:people].where(city: params[:city]).where(Sequel.like(:name, "%#{params[:q]}%")).order(column)
  found = DB['SELECT * FROM people WHERE id = ?', params[:id]].first
  named = DB.fetch('SELECT * FROM people WHERE name = :name', name: params[:name]).all
  [rows.count, found, named.size].join(' ')
end

get '/people/count' do
  halt 400 unless params[:table].match?(/\A[a-z_]+\z/)
  DB.fetch("SELECT count(*) FROM #{params[:table]}").single_value.to_s
end
