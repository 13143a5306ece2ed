require 'json'
creds = { token: ENV['REFRESH_TOKEN'] }
File.write('tmp/creds.json', JSON.pretty_generate(creds)) #! key-in-file
