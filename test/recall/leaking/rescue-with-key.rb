require 'sinatra'
require 'httparty'

get '/repos' do
  token = ENV['GITHUB_TOKEN']
  begin
    HTTParty.get('https://api.github.com/user/repos', headers: { 'Authorization' => "token #{token}" }).body #! upstream-body-passed-through
  rescue => e
    logger.error("GitHub failed with #{token}: #{e.message}") #! key-in-log
    halt 502, 'upstream failed'
  end
end
