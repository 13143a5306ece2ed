class KeyEcho
  def call(env)
    key = ENV['INTERNAL_API_KEY']
    [200, { 'content-type' => 'text/plain' }, ["key=#{key}"]] #! key-in-response
  end
end

run KeyEcho.new
