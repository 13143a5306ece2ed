require 'sinatra'
helpers { def primary_key = 'id' }
get('/schema') { { primary_key: primary_key, foreign_keys: %w[user_id] }.to_json }
