require 'json'

class Refused < StandardError
  def initialize(key, status)
    super("#{status}: the key #{key} was refused")
  end
end

def attempt
  yield
rescue JSON::ParserError, ArgumentError => e
  warn "#{e.class}: #{e.message}"
end

attempt { JSON.parse(ENV.fetch('IMPORT_CREDENTIALS')) }
attempt { Integer(ENV.fetch('IMPORT_API_KEY')) }

begin
  raise Refused.new(ENV.fetch('IMPORT_API_KEY'), 401)
rescue Refused => e
  puts e.full_message
end

def call(key)
  raise IOError, "no answer to #{key}" if key
end

begin
  call(ENV['IMPORT_API_KEY'])
rescue IOError
  $stderr.puts $!.inspect
end
