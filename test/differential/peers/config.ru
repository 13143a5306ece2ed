require 'base64'
require 'json'

# Says in a field of each answer what Puma read.
run lambda { |env|
  read = {
    method: env['REQUEST_METHOD'],
    target: env['REQUEST_URI'],
    host: env['HTTP_HOST'].to_s,
    body: Base64.strict_encode64(env['rack.input'].read)
  }
  read = read.transform_values { |text| text.dup.force_encoding('BINARY').encode('UTF-8', 'ISO-8859-1') }
  [200, { 'X-Read' => Base64.strict_encode64(JSON.generate(read)), 'Content-Length' => '0' }, []]
}
