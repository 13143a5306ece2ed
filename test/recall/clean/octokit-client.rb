require 'sinatra'
require 'octokit'
get '/repos' do
  client = Octokit::Client.new(access_token: ENV.fetch('GITHUB_TOKEN'))
  client.repositories('octocat').map(&:full_name).join("\n")
end
