require 'sinatra'

reader = ->(name) { ENV.fetch(name) }
shout = method(:puts)
emit = proc { |x| $stdout.puts(x) } #! key-in-log
compose = reader >> emit

get '/1' do
  reader.call('INTERCOM_TOKEN') #! key-in-response
end

get '/2' do
  reader.('INTERCOM_REGION')
end

get '/3' do
  shout.call(ENV['INTERCOM_TOKEN']) #! key-in-log
  'ok'
end

get '/4' do
  emit[ENV['INTERCOM_TOKEN']]
  'ok'
end

get '/5' do
  compose.call('INTERCOM_TOKEN')
  'ok'
end

get '/6' do
  [ENV['INTERCOM_TOKEN']].each(&method(:puts)) #! key-in-log
  'ok'
end

get '/7' do
  %w[INTERCOM_TOKEN INTERCOM_REGION].map(&ENV.method(:fetch)).join #! key-in-response
end

def with_key
  yield ENV['INTERCOM_TOKEN']
end

get '/8' do
  with_key { |k| "key #{k}" } #! key-in-response
end

get '/9' do
  with_key { |k; region| region = 'eu'; region }
end

get '/10' do
  with_key { "#{_1.size}" }
end

get '/11' do
  with_key { it } #! key-in-response
end
