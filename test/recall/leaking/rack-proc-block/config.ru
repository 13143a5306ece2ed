run do |env|
  [200, {}, [ENV.fetch('API_TOKEN')]] #! key-in-response
end
