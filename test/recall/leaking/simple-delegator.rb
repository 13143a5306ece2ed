require 'sinatra'
require 'delegate'
class Account
  attr_reader :secret
  def initialize = @secret = ENV['ACCOUNT_SECRET']
end
class Shown < SimpleDelegator
  def line = "secret #{secret}"
end
get '/sd' do
  Shown.new(Account.new).line #! key-in-response
end
