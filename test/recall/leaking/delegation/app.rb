require 'sinatra/base'
require 'delegate'
require 'forwardable'
require 'singleton'

class Env
  include Singleton
  def twitter_bearer = ENV['TWITTER_BEARER_TOKEN']
  def region = ENV['REGION']
end

class Wrapped < SimpleDelegator
  def shouted = twitter_bearer.upcase
end

class Facade
  extend Forwardable
  def_delegator :@env, :twitter_bearer, :bearer
  def_delegators :@env, :region
  delegate [:twitter_bearer] => :@env

  def initialize(env) = @env = env
end

class App < Sinatra::Base
  get('/1') { Env.instance.twitter_bearer } #! key-in-response
  get('/2') { Wrapped.new(Env.instance).shouted } #! key-in-response
  get('/3') { Facade.new(Env.instance).bearer } #! key-in-response
  get('/4') { Facade.new(Env.instance).region }
  get('/5') { Wrapped.new(Env.instance).twitter_bearer } #! key-in-response
  get('/6') { Facade.new(Env.instance).twitter_bearer } #! key-in-response
end
