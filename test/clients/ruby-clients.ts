import type { Client, EcosystemClients } from './client.ts'

export interface RubyClient extends Client {
  /** A program; ends with exit code 0 when it has its answer. */
  readonly source: string
}

const debian = (name: string, version: string) => ({ name, version })

const variables = 'by `http_proxy` and `https_proxy`, in lower case, and `SSL_CERT_FILE`'
const unread = '`RUBYOPT` loads a preload that sends requests with a key to the door'
const roots = 'libcurl reads the proxy variables and none for roots; the preload gives it the bundle'

/** Where a client has no other way, `LEDGER_URL` is the door's address; otherwise nobody sets it. */
const setting = `
URL = (ENV['LEDGER_URL'] || 'https://ledger.test') + '/v1/charges?x=1'
HEADERS = { 'Authorization' => "Bearer #{ENV.fetch('LEDGER_KEY')}" }
`

export const rubyClients: EcosystemClients<RubyClient> = {
  ecosystem: 'ruby',
  title: 'Ruby 3.1',
  clients: [
    {
      id: 'net-http',
      title: '`Net::HTTP`',
      means: 'as it is',
      why: variables,
      source: `
require 'net/http'
${setting}
uri = URI(URL)
http = Net::HTTP.new(uri.hostname, uri.port)
http.use_ssl = uri.scheme == 'https'
abort 'status' unless http.post(uri.request_uri, 'amount=1', HEADERS).code == '200'
`,
    },
    {
      id: 'net-http-pinned',
      title: '`Net::HTTP` without a proxy and with roots of its own, as the stripe gem makes it',
      means: 'preload',
      why: unread,
      source: `
require 'net/http'
require 'openssl'
${setting}
uri = URI(URL)
http = Net::HTTP.new(uri.host, uri.port, nil, nil, nil, nil)
http.use_ssl = true
http.verify_mode = OpenSSL::SSL::VERIFY_PEER
http.cert_store = OpenSSL::X509::Store.new.tap { |store| store.add_file('/etc/ssl/certs/ca-certificates.crt') }
http.start
abort 'status' unless http.post(uri.request_uri, 'amount=1', HEADERS).code == '200'
`,
    },
    {
      id: 'net-http-ca-file',
      title: '`Net::HTTP` with a `ca_file` of its own',
      means: 'preload',
      why: unread,
      source: `
require 'net/http'
${setting}
uri = URI(URL)
options = { use_ssl: true, ca_file: '/etc/ssl/certs/ca-certificates.crt' }
answer = Net::HTTP.start(uri.host, uri.port, **options) { |http| http.post(uri.request_uri, 'amount=1', HEADERS) }
abort 'status' unless answer.code == '200'
`,
    },
    {
      id: 'net-http-persistent',
      title: 'net-http-persistent',
      package: debian('net-http-persistent', '3.1.0'),
      means: 'preload',
      why: unread,
      source: `
require 'net/http/persistent'
${setting}
uri = URI(URL)
request = Net::HTTP::Post.new(uri, HEADERS)
request.body = 'amount=1'
abort 'status' unless Net::HTTP::Persistent.new(name: 'app').request(uri, request).code == '200'
`,
    },
    {
      id: 'open-uri',
      title: 'open-uri',
      means: 'as it is',
      why: variables,
      source: `
require 'open-uri'
${setting}
abort 'status' unless URI.open(URL, HEADERS).status.first == '200'
`,
    },
    {
      id: 'faraday',
      title: 'Faraday',
      package: debian('faraday', '1.1.0'),
      means: 'as it is',
      why: variables,
      source: `
require 'faraday'
${setting}
abort 'status' unless Faraday.post(URL, 'amount=1', HEADERS).status == 200
`,
    },
    {
      id: 'httparty',
      title: 'HTTParty',
      package: debian('httparty', '0.21.0'),
      means: 'as it is',
      why: variables,
      source: `
require 'httparty'
${setting}
abort 'status' unless HTTParty.post(URL, body: { amount: 1 }, headers: HEADERS).code == 200
`,
    },
    {
      id: 'rest-client',
      title: 'RestClient',
      package: debian('rest-client', '2.1.0'),
      means: 'as it is',
      why: variables,
      source: `
require 'rest-client'
${setting}
abort 'status' unless RestClient.post(URL, { amount: 1 }, HEADERS).code == 200
`,
    },
    {
      id: 'excon',
      title: 'Excon',
      package: debian('excon', '0.88.0'),
      means: 'as it is',
      why: variables,
      source: `
require 'excon'
${setting}
abort 'status' unless Excon.post(URL, body: 'amount=1', headers: HEADERS).status == 200
`,
    },
    {
      id: 'httpclient',
      title: 'httpclient',
      package: debian('httpclient', '2.8.3'),
      means: 'as it is',
      why: variables,
      source: `
require 'httpclient'
${setting}
abort 'status' unless HTTPClient.new.post(URL, 'amount=1', HEADERS).status == 200
`,
    },
    {
      id: 'http',
      title: 'http.rb',
      package: debian('http', '4.4.1'),
      means: 'preload',
      why: unread,
      source: `
require 'http'
${setting}
abort 'status' unless HTTP.headers(HEADERS).post(URL, body: 'amount=1').status == 200
`,
    },
    {
      id: 'http-persistent',
      title: 'http.rb, `HTTP.persistent`',
      package: debian('http', '4.4.1'),
      means: 'preload',
      why: unread,
      source: `
require 'http'
${setting}
client = HTTP.persistent('https://ledger.test').headers(HEADERS)
abort 'status' unless client.post('/v1/charges', body: 'amount=1').flush.status == 200
client.close
`,
    },
    {
      id: 'typhoeus',
      title: 'Typhoeus',
      package: debian('typhoeus', '1.4.0'),
      means: 'preload',
      why: roots,
      source: `
require 'typhoeus'
${setting}
answer = Typhoeus.post(URL, body: 'amount=1', headers: HEADERS)
abort answer.return_message unless answer.code == 200
`,
    },
    {
      id: 'typhoeus-hydra',
      title: 'Typhoeus, `Hydra`',
      package: debian('typhoeus', '1.4.0'),
      means: 'preload',
      why: roots,
      source: `
require 'typhoeus'
${setting}
hydra = Typhoeus::Hydra.new
request = Typhoeus::Request.new(URL, method: :post, body: 'amount=1', headers: HEADERS)
hydra.queue(request)
hydra.run
abort request.response.return_message unless request.response.code == 200
`,
    },
    {
      id: 'curb',
      title: 'Curb',
      package: debian('curb', '1.0.5'),
      means: 'preload',
      why: roots,
      source: `
require 'curb'
${setting}
answer = Curl.post(URL, 'amount=1') { |easy| easy.headers.merge!(HEADERS) }
abort 'status' unless answer.response_code == 200
`,
    },
    {
      id: 'em-http-request',
      title: 'em-http-request',
      package: debian('em-http-request', '1.1.7'),
      means: 'as it is',
      why: 'by `https_proxy`; without a look at the certificate, as it always does',
      source: `
require 'em-http-request'
${setting}
status = nil
EventMachine.run do
  call = EventMachine::HttpRequest.new(URL).post(head: HEADERS, body: 'amount=1')
  call.callback { status = call.response_header.status; EventMachine.stop }
  call.errback { EventMachine.stop }
end
abort 'status' unless status == 200
`,
    },
    {
      id: 'async-http',
      title: 'async-http',
      package: debian('async-http', '0.59.5'),
      means: 'base URL',
      why: 'takes a proxy from its caller alone',
      source: `
require 'async'
require 'async/http/internet'
${setting}
status = Async do
  internet = Async::HTTP::Internet.new
  answer = internet.post(URL, HEADERS.to_a, ['amount=1'])
  answer.finish
  answer.status
ensure
  internet&.close
end.wait
abort 'status' unless status == 200
`,
    },
    {
      id: 'octokit',
      title: 'octokit',
      package: debian('octokit', '4.20.0'),
      means: 'as it is',
      why: 'by Faraday',
      source: `
require 'octokit'
abort 'answer' unless Octokit::Client.new(access_token: ENV.fetch('GITHUB_TOKEN')).user.ok
`,
    },
    {
      id: 'gitlab',
      title: 'gitlab',
      package: debian('gitlab', '4.17.0'),
      means: 'as it is',
      why: 'by HTTParty',
      source: `
require 'gitlab'
client = Gitlab.client(endpoint: 'https://gitlab.test/api/v4', private_token: ENV.fetch('GITLAB_TOKEN'))
abort 'answer' unless client.user.ok
`,
    },
  ],
}
