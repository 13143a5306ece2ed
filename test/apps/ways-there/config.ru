require './app'
map('/raw') { run ->(env) { [200, {}, [ENV['SERVICE_TOKEN']]] } }
run App
