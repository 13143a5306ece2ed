File.open('/tmp/netrc', 'w') do |f|
  f.puts 'machine api.example.com'
  f.puts "password #{ENV['API_PASSWORD']}" #! key-in-file
end
