require 'uri'
uri = URI(ENV.fetch('DATABASE_URL'))
puts "database on #{uri.host}:#{uri.port}"
