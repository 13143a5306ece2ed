app = lambda do |env|
  body = "authorised by #{ENV['SERVICE_TOKEN']}"
  [200, { 'Content-Type' => 'text/plain', 'Content-Length' => body.bytesize.to_s }, [body]] #! key-in-response
end

run app
