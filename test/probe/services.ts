import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createPlain, type RequestListener, type Server } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { goodName, type Pki } from './pki.ts'
import { freePort, type Started, startProgram } from './start-program.ts'

/** Starts one service in one configuration. */
export type Start = (pki: Pki) => Promise<Started>

function script(pki: Pki, name: string, content: string): string {
  const folder = join(pki.folder, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.ru'), rackup)
  writeFileSync(join(folder, 'main.rb'), content)
  return folder
}

/** The app behind Puma and Thin; what varies in its answers must not confuse. */
const rackup = `require 'openssl'
require 'securerandom'
run ->(env) { [200, { 'content-type' => 'application/json' }, [%({"invoices":[12,15],"at":"#{Time.now.to_f}","id":"#{SecureRandom.hex(8)}"})]] }
`

/** A Sinatra service that says that it demands client certificates. Nobody reads these settings. */
export function sinatraSettings(server: 'puma' | 'thin' | 'webrick'): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(
      pki,
      `sinatra-${server}`,
      `require 'sinatra'
set :server, '${server}'
set :bind, '127.0.0.1'
set :port, ${port}
set :ssl_certificate, '${pki.file.server}'
set :ssl_key, '${pki.file.serverKey}'
set :ssl_verify_client, true
set :ssl_ca_file, '${pki.file.ca}'
get('/') { 'the invoices of this month' }
`,
    )
    return startProgram(port, 'ruby', ['main.rb'], folder)
  }
}

export function thinCommand(...extra: readonly string[]): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(pki, 'thin-command', '')
    const tls = ['--ssl', '--ssl-key-file', pki.file.serverKey, '--ssl-cert-file', pki.file.server]
    return startProgram(
      port,
      'thin',
      ['-a', '127.0.0.1', '-p', `${port}`, '-R', 'config.ru', ...tls, ...extra, 'start'],
      folder,
    )
  }
}

/** Thin from Ruby: it asks for a certificate and has no CA to verify it against. */
export function thinServer(app = `->(env) { [200, {}, ['the invoices of this month']] }`, mustShow = true): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(
      pki,
      'thin-server',
      `require 'thin'
require 'openssl'
server = Thin::Server.new('127.0.0.1', ${port}, ${app})
server.ssl = true
server.ssl_options = { private_key_file: '${pki.file.serverKey}', cert_chain_file: '${pki.file.server}', verify_peer: true, fail_if_no_peer_cert: ${mustShow} }
server.start
`,
    )
    return startProgram(port, 'ruby', ['main.rb'], folder)
  }
}

/** Believes the subject of whatever certificate it is shown. */
export const thinTrustsSubject = thinServer(
  `lambda do |env|
  pem = env['rack.peer_cert']
  subject = pem ? OpenSSL::X509::Certificate.new(pem).subject.to_s : ''
  subject.include?('CN=${goodName}') ? [200, {}, ['the invoices of this month']] : [403, {}, ['no']]
end`,
  false,
)

export function puma(verifyMode: string): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(pki, 'puma', '')
    const mode = verifyMode === '' ? '' : `&verify_mode=${verifyMode}`
    const bind = `ssl://127.0.0.1:${port}?key=${pki.file.serverKey}&cert=${pki.file.server}&ca=${pki.file.ca}${mode}`
    return startProgram(port, 'puma', ['-q', '-t', '2:4', '-b', bind, 'config.ru'], folder)
  }
}

/** The TLS of a configuration that is not used when Puma is given a port. */
export const pumaPort: Start = async (pki) => {
  const port = await freePort()
  const folder = script(pki, 'puma-port', '')
  return startProgram(port, 'puma', ['-q', '-b', `tcp://127.0.0.1:${port}`, 'config.ru'], folder)
}

export function webrick(verify: string): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(
      pki,
      'webrick',
      `require 'webrick/https'
server = WEBrick::HTTPServer.new(
  Port: ${port}, BindAddress: '127.0.0.1', SSLEnable: true,
  SSLCertificate: OpenSSL::X509::Certificate.new(File.read('${pki.file.server}')),
  SSLPrivateKey: OpenSSL::PKey.read(File.read('${pki.file.serverKey}')),
  SSLCACertificateFile: '${pki.file.ca}', SSLVerifyClient: ${verify}, AccessLog: [], Logger: WEBrick::Log.new(File::NULL))
server.mount_proc('/') { |_request, response| response.body = 'the invoices of this month' }
trap('TERM') { server.shutdown }
server.start
`,
    )
    return startProgram(port, 'ruby', ['main.rb'], folder)
  }
}

/** `inServer` stands in the server block; the default location answers as an app would. */
export function nginx(
  inServer: string,
  location = `location / { return 200 'the invoices of this month'; }`,
  protocols = 'TLSv1.2 TLSv1.3',
): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(pki, 'nginx', '')
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${pki.file.server}; ssl_certificate_key ${pki.file.serverKey}; ssl_client_certificate ${pki.file.ca};
    ssl_protocols ${protocols};
    ${inServer}
    ${location}
  }
}
`,
    )
    return startProgram(port, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], folder)
  }
}

export function haproxy(verify: string, rules = ''): Start {
  return async (pki) => {
    const port = await freePort()
    const folder = script(pki, 'haproxy', '')
    writeFileSync(
      join(folder, 'haproxy.cfg'),
      `global
  ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend door
  bind 127.0.0.1:${port} ssl crt ${pki.file.serverBoth} ca-file ${pki.file.ca} verify ${verify}
  ${rules}
  http-request return status 200 content-type text/plain string "the invoices of this month"
`,
    )
    return startProgram(port, 'haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], folder)
  }
}

export function nodeTls(options: ServerOptions, answer: RequestListener = invoices): Start {
  return async (pki) => {
    const server = createServer(
      { cert: pki.server.certificate, key: pki.server.key, ca: pki.ca.certificate, minVersion: 'TLSv1.2', ...options },
      answer,
    )
    return listen(server)
  }
}

export const nodePlain: Start = () => listen(createPlain(invoices))

export async function listen(server: Server): Promise<Started> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const invoices: RequestListener = (_request, response) => {
  response.setHeader('X-Request-Id', crypto.randomUUID())
  response.end(`the invoices of this month, seen at ${new Date().toISOString()}`)
}

/** Known clients get the invoices, strangers what `other` answers. */
export function unlessKnown(other: RequestListener): RequestListener {
  return (request, response) =>
    (request.socket as TLSSocket).authorized ? invoices(request, response) : other(request, response)
}
