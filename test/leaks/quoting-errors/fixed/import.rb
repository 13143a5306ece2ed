require 'json'

class Refused < StandardError
  def initialize(name, status)
    super("#{status}: the key #{name} was refused")
  end
end

def attempt
  yield
rescue JSON::ParserError, ArgumentError => e
  warn "#{e.class}"
end

attempt { JSON.parse(ENV.fetch('IMPORT_CREDENTIALS')) }
attempt { Integer(ENV.fetch('IMPORT_API_KEY')) }

begin
  raise Refused.new('IMPORT_API_KEY', 401)
rescue Refused => e
  puts e.message
end

def call(key)
  raise IOError, 'no answer' if key
end

begin
  call(ENV['IMPORT_API_KEY'])
rescue IOError
  $stderr.puts $!.inspect
end
