require 'sinatra'

Credentials = Data.define(:id, :secret) do
  def self.load = new(id: ENV['CLIENT_ID'], secret: ENV['CLIENT_SECRET'])
  def to_s = "Credentials(#{id})"
end

Quiet = Data.define(:id, :secret) do
  def inspect = "#<Quiet #{id}>"
  alias_method :to_s, :inspect
end

CREDS = Credentials.load
QUIET = Quiet.new(id: ENV['CLIENT_ID'], secret: ENV['CLIENT_SECRET'])

get('/a') { CREDS.to_s }
get('/b') { CREDS.inspect } #! key-in-response
get('/c') { QUIET.inspect }
get '/d' do
  case CREDS
  in { id:, secret: } then "#{id}:#{secret}" #! key-in-response
  end
end
get '/e' do
  CREDS => { id: }
  id
end
