import type { TrafficPrograms } from './traffic.ts'

const start = (library: string) => `
require 'digest'
require '${library}'
$stdout.sync = true
BASE = 'https://ledger.test'
HEADERS = { 'Authorization' => "Bearer #{ENV.fetch('LEDGER_KEY')}" }
digest = Digest::SHA256.new
rest = +''
SHOW = lambda do |chunk|
  rest << chunk
  while (line = rest.slice!(/.*\\n/))
    puts line if line.start_with?('data: ')
  end
end
`

const netHttp = `
uri = URI(BASE)
http = Net::HTTP.start(uri.host, uri.port, use_ssl: true)
`

export const rubyTraffic: readonly TrafficPrograms[] = [
  {
    title: 'Net::HTTP',
    download: `${start('net/http')}${netHttp}
http.request_get('/download', HEADERS) { |answer| answer.read_body { |chunk| digest << chunk } }
puts digest.hexdigest
`,
    upload: `${start('net/http')}${netHttp}
request = Net::HTTP::Put.new('/upload', HEADERS.merge('Transfer-Encoding' => 'chunked'))
request.body_stream = File.open(ENV.fetch('BODY'))
puts http.request(request).body
`,
    events: `${start('net/http')}${netHttp}
http.request_get('/events', HEADERS) { |answer| answer.read_body(&SHOW) }
`,
  },
  {
    title: 'http.rb',
    download: `${start('http')}
HTTP.headers(HEADERS).get(BASE + '/download').body.each { |chunk| digest << chunk }
puts digest.hexdigest
`,
    upload: `${start('http')}
puts HTTP.headers(HEADERS).put(BASE + '/upload', body: File.open(ENV.fetch('BODY'))).to_s
`,
    events: `${start('http')}
HTTP.headers(HEADERS).get(BASE + '/events').body.each(&SHOW)
`,
  },
  {
    title: 'Typhoeus',
    download: `${start('typhoeus')}
request = Typhoeus::Request.new(BASE + '/download', headers: HEADERS)
request.on_body { |chunk| digest << chunk }
request.run
puts digest.hexdigest
`,
    upload: `${start('typhoeus')}
puts Typhoeus.put(BASE + '/upload', headers: HEADERS, body: File.binread(ENV.fetch('BODY'))).body
`,
    events: `${start('typhoeus')}
request = Typhoeus::Request.new(BASE + '/events', headers: HEADERS)
request.on_body { |chunk| SHOW.call(chunk) }
request.run
`,
  },
]
