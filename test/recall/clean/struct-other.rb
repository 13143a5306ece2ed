require 'sinatra'
Config = Struct.new(:host, :token)
def config = Config.new('api.example.com', ENV['API_TOKEN'])
get('/host') { config.host }
