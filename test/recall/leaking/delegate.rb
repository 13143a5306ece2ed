require 'sinatra'
require 'forwardable'
class Account
  attr_reader :secret
  def initialize = @secret = ENV['ACCOUNT_SECRET']
end
class Facade
  extend Forwardable
  def_delegators :@account, :secret
  def_delegator :@account, :secret, :its_secret
  def initialize = @account = Account.new
end
get '/d' do
  Facade.new.secret #! key-in-response
end
get '/d2' do
  Facade.new.its_secret #! key-in-response
end
