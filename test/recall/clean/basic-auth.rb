require 'sinatra'
use Rack::Auth::Basic, 'admin' do |user, password|
  Rack::Utils.secure_compare(user, 'admin') & Rack::Utils.secure_compare(password, ENV.fetch('ADMIN_PASSWORD'))
end
get('/') { 'hello' }
