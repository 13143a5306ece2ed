require 'sinatra'
require 'faraday'
get '/1' do
  req = Net::HTTP::Get.new('/x')
  req['Authorization'] = "Bearer #{ENV['SERVICE_TOKEN']}"
  logger.debug "Request: #{req.to_hash.inspect}"
  'ok'
end
get '/2' do
  begin
    x
  rescue
    halt 500, { error: $!.message }.to_json
  end
end
get('/3') { erb "<p>#{ENV['SERVICE_TOKEN']}</p>" }
get '/4' do
  env['rack.logger'].info ENV['SERVICE_TOKEN']
  env['rack.errors'].puts "x #{ENV['SERVICE_TOKEN']}"
  'ok'
end
def u1 = 'https://api.example.com/v1?key=' + ENV['SERVICE_TOKEN']
def u2 = format('https://api.example.com/v1?key=%s&x=1', ENV['SERVICE_TOKEN'])
def u3(base) = base + '/v1?key=' + ENV['SERVICE_TOKEN']
def u4
  conn = Faraday.new(url: 'https://x') { |f| f.params['key'] = ENV['SERVICE_TOKEN'] }
  conn.get('/a', { token: ENV['SERVICE_TOKEN'] })
  conn.get('/a', nil, { 'Authorization' => ENV['SERVICE_TOKEN'] })
  conn.get('/b') { |req| req.headers['Authorization'] = ENV['SERVICE_TOKEN'] }
  conn.get('/b') { |req| req.params['key'] = ENV['SERVICE_TOKEN'] }
end
class Conf
  class << self
    attr_accessor :key
    def configure
      yield self
    end
  end
end
Conf.configure { |c| c.key = ENV['SERVICE_TOKEN'] }
get('/5') { Conf.key }
get('/6') { OpenStruct.new(a: ENV['SERVICE_TOKEN']).a }
get '/7' do
  res = Net::HTTP.get_response(URI('https://x'))
  res.body
end
get '/8' do
  headers['X-K'] = ENV['SERVICE_TOKEN']
  response.headers['X-Z'] = ENV['SERVICE_TOKEN']
  200
end
get '/9' do
  logger.info("x") { ENV['SERVICE_TOKEN'] }
  log_it("k #{ENV['SERVICE_TOKEN']}")
  ''
end
def log_it(m)
  puts m
end
get '/10' do
  work
rescue StandardError => e
  error_json(e)
end
def error_json(error)
  halt 500, { error: error.class.name, trace: error.backtrace&.first(5) }.to_json
end
