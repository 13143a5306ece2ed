require 'sinatra'
require 'sinatra/activerecord'

class Order < ActiveRecord::Base
  def self.search(text)
    where("title LIKE '%" + text + "%'") #! sql-from-input
  end

  scope :of, ->(state) { where('state = ?', state) }
end

get '/orders' do
  Order.search(params[:q]).to_json
end

get '/orders/of' do
  Order.of(params[:state]).order(created_at: :desc).to_json
end

get '/orders/report' do
  sql = <<~SQL
    SELECT count(*) FROM orders
    WHERE region = '#{params[:region]}'
  SQL
  ActiveRecord::Base.connection.execute(sql).to_a.to_json #! sql-from-input
end
