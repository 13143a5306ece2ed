require 'sinatra'
require 'open3'

def op_read(ref)
  out, status = Open3.capture2('op', 'read', ref)
  raise 'op failed' unless status.success?

  out.strip
end

get '/deploy' do
  token = op_read('op://prod/deploy/token')
  system("deploy --token #{token} --env production") #! key-in-command
  'deployed'
end

get '/deploy2' do
  token = ENV['DEPLOY_TOKEN']
  system({ 'DEPLOY_TOKEN' => token }, 'deploy', '--env', 'production')
  'deployed'
end

get '/deploy3' do
  Open3.popen3('deploy', '--token', ENV['DEPLOY_TOKEN']) { |_i, o, _e, t| o.read } #! key-in-command
end

get '/deploy4' do
  Open3.capture2('deploy', '--token-stdin', stdin_data: ENV['DEPLOY_TOKEN']).last.success?.to_s
end

get '/curl' do
  `curl -s -H "Authorization: Bearer #{ENV['API_TOKEN']}" https://api.example.com/v1/me` #! key-in-command
end

get '/spawn' do
  pid = spawn("backup", "--password=#{ENV['BACKUP_PASSWORD']}", out: '/dev/null') #! key-in-command
  Process.detach(pid)
  'started'
end
