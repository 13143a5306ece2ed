require 'sinatra'

class Session
  def initialize(token)
    @token = token
  end

  def profile
    fetch_profile_with_typo
  end
end

class SafeSession
  def initialize(token)
    @token = token
  end

  def inspect = '#<SafeSession>'

  def name = 'x'
end

get '/1' do
  begin
    Session.new(ENV['SESSION_API_TOKEN']).profile
  rescue NameError => e
    logger.error e.receiver.inspect
    'sorry'
  end
end

get '/2' do
  s = Session.new(ENV['SESSION_API_TOKEN'])
  "#{s.inspect}" #! key-in-response
end

get '/3' do
  s = SafeSession.new(ENV['SESSION_API_TOKEN'])
  s.inspect
end

get '/4' do
  s = Session.new(ENV['SESSION_API_TOKEN'])
  s.to_s
end

get '/5' do
  ObjectSpace.each_object(Session).map(&:inspect).join #! settings-in-response
end

get '/6' do
  s = Session.new(ENV['SESSION_API_TOKEN'])
  logger.info "session #{s.inspect}" #! key-in-log
  p s #! key-in-log
  'ok'
end
