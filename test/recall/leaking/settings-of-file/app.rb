require 'sinatra'
require 'sinatra/config_file'
require 'net/http'

config_file 'config/config.yml'

get '/roadmap' do
  logger.info "asking #{settings.jira_host} as #{settings.jira_user}"
  logger.debug "token is #{settings.jira_token}" #! key-in-log
  fetch_roadmap
end

def fetch_roadmap
  http = Net::HTTP.new(settings.jira_host, 443)
  http.use_ssl = true
  http.open_timeout = 3
  http.read_timeout = 3
  req = Net::HTTP::Get.new('/rest/api/2/search')
  req['Authorization'] = 'Bearer ' + settings.jira_token
  http.request(req).code
end
