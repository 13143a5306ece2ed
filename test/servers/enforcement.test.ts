import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import type { Listener } from '../../src/scan/servers/listener.ts'
import { readDeployment } from '../../src/scan/servers/read-deployment.ts'
import { readListeners } from '../../src/scan/servers/read-listeners.ts'
import { makePki, type Pki } from '../probe/pki.ts'
import { freePort, startProgram } from '../probe/start-program.ts'
import { type Client, isServed } from './ask.ts'
import { scratchTree } from './scratch-tree.ts'

/** Whom a server serves. */
type Served = Readonly<Record<'plain' | 'none' | 'otherCa' | 'selfSigned' | 'good', boolean>>

const nobodyButGood: Served = { plain: false, none: false, otherCa: false, selfSigned: false, good: true }
const byVerdict = {
  plain: { plain: true, none: false, otherCa: false, selfSigned: false, good: false },
  'not asked': { ...nobodyButGood, none: true, otherCa: true, selfSigned: true },
  optional: { ...nobodyButGood, none: true },
  any: { ...nobodyButGood, none: true, otherCa: true, selfSigned: true },
  'any but none': { ...nobodyButGood, otherCa: true, selfSigned: true },
  required: nobodyButGood,
} satisfies Record<string, Served>
type Verdict = keyof typeof byVerdict

let pki: Pki
let strangers: { readonly otherCa: Client; readonly selfSigned: Client }
beforeAll(async () => {
  pki = await makePki()
  const other = await createAuthority({ name: 'Other CA' })
  const client = await issueCertificate(other, { subject: 'billing', dns: ['billing.test'] })
  strangers = {
    otherCa: { cert: client.chainPem, key: client.privateKeyPem },
    selfSigned: { cert: other.certificatePem, key: other.privateKeyPem },
  }
})
afterAll(() => pki.remove())

const rackup = `require 'openssl'\nrun ->(_env) { [200, {}, ['the invoices']] }\n`
const classic = (settings: string) =>
  `require 'sinatra'\nset :port, PORT_\nset :bind, '127.0.0.1'\n${settings}\nget('/') { 'the invoices' }\n`
const modular = (run: string) =>
  `require 'sinatra/base'\nclass App < Sinatra::Base\n  set :port, PORT_\n  set :bind, '127.0.0.1'\n  get('/') { 'the invoices' }\nend\n${run}\n`
const sslBind = (options: string) => `ssl_bind '127.0.0.1', 'PORT_', cert: 'CERT_', key: 'KEY_'${options}\nworkers 0\n`
const claimed = `set :ssl_certificate, 'CERT_'\nset :ssl_verify_client, true\nset :ssl_ca_file, 'CA_'`
const webrick = (options: string) => `require 'webrick/https'
server = WEBrick::HTTPServer.new(Port: PORT_, BindAddress: '127.0.0.1', AccessLog: [], Logger: WEBrick::Log.new(File::NULL)${options})
server.mount_proc('/') { |_request, response| response.body = 'the invoices' }
trap('TERM') { server.shutdown }
server.start
`
const withTls = `, SSLEnable: true, SSLCertificate: OpenSSL::X509::Certificate.new(File.read('CERT_')),
  SSLPrivateKey: OpenSSL::PKey.read(File.read('KEY_')), SSLCACertificateFile: 'CA_'`
const settings = (verify: string) => `set :server, 'webrick'
require 'webrick/https'
set :server_settings, { SSLEnable: true, SSLCertificate: OpenSSL::X509::Certificate.new(File.read('CERT_')),
  SSLPrivateKey: OpenSSL::PKey.read(File.read('KEY_')), SSLCACertificateFile: 'CA_'${verify} }`
const thinCode = (options: string) => `require 'thin'
server = Thin::Server.new('127.0.0.1', PORT_, ->(_env) { [200, {}, ['the invoices']] })
server.ssl = true
server.ssl_options = { private_key_file: 'KEY_', cert_chain_file: 'CERT_'${options} }
server.start
`
const opensslCode = (verify: string) => `require 'socket'
require 'openssl'
context = OpenSSL::SSL::SSLContext.new
context.cert = OpenSSL::X509::Certificate.new(File.read('CERT_'))
context.key = OpenSSL::PKey.read(File.read('KEY_'))
context.ca_file = 'CA_'
${verify}
server = OpenSSL::SSL::SSLServer.new(TCPServer.new('127.0.0.1', PORT_), context)
loop do
  client = server.accept
  while (line = client.gets) && line != "\\r\\n"; end
  client.write "HTTP/1.1 200 OK\\r\\nContent-Length: 12\\r\\nConnection: close\\r\\n\\r\\nthe invoices"
  client.close
rescue OpenSSL::SSL::SSLError, SystemCallError
  next
end
`
const url = (mode: string) => `ssl://127.0.0.1:PORT_?cert=CERT_&key=KEY_&ca=CA_${mode}`
const peer = 'OpenSSL::SSL::VERIFY_PEER'
const strict = `${peer} | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT`

/** Name, what starts it, its files, and what it then does. */
const rows: readonly (readonly [string, string, Readonly<Record<string, string>>, Verdict])[] = [
  ['Puma, force_peer', 'puma', { 'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'force_peer'`) }, 'required'],
  [
    'Puma, peer',
    'bundle exec puma -C config/puma.rb',
    { 'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'peer'`) },
    'optional',
  ],
  ['Puma, none', 'puma', { 'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'none'`) }, 'not asked'],
  ['Puma, a CA and no mode', 'puma', { 'config/puma.rb': sslBind(`, ca: 'CA_'`) }, 'not asked'],
  ['Puma, a CA and no mode in a URL', 'puma', { 'config/puma.rb': `bind '${url('')}'\n` }, 'not asked'],
  [
    'Puma, options in a variable and the environment',
    'env MODE=force_peer puma -C config/tls.rb',
    {
      'config/tls.rb': `mode = ENV.fetch('MODE', 'none')\noptions = { cert: 'CERT_', key: 'KEY_', ca: 'CA_', verify_mode: mode }\nssl_bind '127.0.0.1', 'PORT_', options\n`,
    },
    'required',
  ],
  [
    'Puma, an environment’s own file',
    'puma -e production',
    { 'config/puma/production.rb': `bind "${url('&verify_mode=force_peer')}"\n`, 'config/puma.rb': 'port PORT_\n' },
    'required',
  ],
  ['Puma, an address of the command', `puma -b '${url('&verify_mode=peer')}'`, {}, 'optional'],
  [
    'Puma, a port of the command over the file',
    'puma -p PORT_',
    { 'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'force_peer'`) },
    'plain',
  ],
  [
    'Puma, no configuration',
    'puma -C - -b tcp://127.0.0.1:PORT_',
    { 'config/puma.rb': sslBind(`, verify_mode: 'force_peer', ca: 'CA_'`) },
    'plain',
  ],
  [
    'rackup on Puma',
    'rackup -s puma -o 127.0.0.1 -p PORT_',
    { 'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'force_peer'`) },
    'plain',
  ],
  ['rackup on Puma, TLS as the host', `rackup -s puma -o '${url('&verify_mode=force_peer')}'`, {}, 'required'],
  [
    'ruby app.rb on Puma',
    'ruby app.rb',
    {
      'app.rb': classic(`set :server, 'puma'\n${claimed}`),
      'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'force_peer'`),
    },
    'plain',
  ],
  [
    'Sinatra on Puma, TLS as the address',
    'ruby app.rb',
    {
      'app.rb': modular(
        `App.set :bind, '${url('&verify_mode=force_peer')}'\nrequire 'openssl'\nApp.run! server: 'puma'`,
      ),
    },
    'required',
  ],
  [
    'Sinatra on Puma, WEBrick’s options',
    'ruby app.rb',
    { 'app.rb': classic(settings(`, SSLVerifyClient: ${strict}`).replace(`'webrick'`, `'puma'`)) },
    'plain',
  ],
  [
    'Rack::Server without an address',
    'ruby app.rb',
    {
      'app.rb': `require 'rack'\nrequire 'openssl'\nRack::Server.start(app: ->(_env) { [200, {}, ['the invoices']] }, server: 'puma')\n`,
      'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'force_peer'`),
    },
    'required',
  ],
  [
    'Rack::Handler::Puma with a port',
    'ruby app.rb',
    {
      'app.rb': `require 'rack/handler/puma'\nRack::Handler::Puma.run(->(_env) { [200, {}, ['the invoices']] }, Host: '127.0.0.1', Port: PORT_)\n`,
      'config/puma.rb': sslBind(`, ca: 'CA_', verify_mode: 'force_peer'`),
    },
    'plain',
  ],
  ['Sinatra on Thin', 'ruby app.rb -s thin', { 'app.rb': classic(claimed) }, 'plain'],
  ['Sinatra on WEBrick', 'ruby app.rb', { 'app.rb': modular(`App.set :server, %w[webrick]\nApp.run!`) }, 'plain'],
  [
    'Sinatra on WEBrick, its options',
    'ruby app.rb',
    { 'app.rb': classic(settings(`, SSLVerifyClient: ${strict}`)) },
    'required',
  ],
  [
    'Sinatra on WEBrick, VERIFY_PEER',
    'ruby app.rb',
    { 'app.rb': classic(settings(`, SSLVerifyClient: ${peer}`)) },
    'optional',
  ],
  [
    'Sinatra run! that hands TLS to Thin',
    'ruby app.rb',
    {
      'app.rb': modular(
        `App.run!(server: 'thin') do |server|\n  server.ssl = true\n  server.ssl_options = { private_key_file: 'KEY_', cert_chain_file: 'CERT_', verify_peer: true }\nend`,
      ),
    },
    'any',
  ],
  ['thin --ssl', 'thin start -a 127.0.0.1 -p PORT_ --ssl --ssl-key-file KEY_ --ssl-cert-file CERT_', {}, 'any'],
  [
    'thin --ssl --ssl-disable-verify',
    'thin -a 127.0.0.1 -p PORT_ --ssl --ssl-key-file KEY_ --ssl-cert-file CERT_ --ssl-disable-verify start',
    {},
    'not asked',
  ],
  [
    'thin.yml with TLS',
    'thin -C config/thin.yml start',
    {
      'config/thin.yml':
        'address: 127.0.0.1\nport: PORT_\nssl: true\nssl_key_file: KEY_\nssl_cert_file: CERT_\nssl_verify_peer: true\nssl_ca_file: CA_\n',
    },
    'any',
  ],
  [
    'thin.yml without',
    'thin start -C config/thin.yml',
    { 'config/thin.yml': 'address: 127.0.0.1\nport: PORT_\n' },
    'plain',
  ],
  [
    'Thin from code, verify_peer',
    'ruby app.rb',
    { 'app.rb': thinCode(', verify_peer: true, fail_if_no_peer_cert: true') },
    'any but none',
  ],
  ['Thin from code, nothing asked', 'ruby app.rb', { 'app.rb': thinCode('') }, 'not asked'],
  ['WEBrick without TLS', 'ruby app.rb', { 'app.rb': webrick('') }, 'plain'],
  ['WEBrick, a CA and no mode', 'ruby app.rb', { 'app.rb': webrick(withTls) }, 'not asked'],
  ['WEBrick, VERIFY_PEER', 'ruby app.rb', { 'app.rb': webrick(`${withTls}, SSLVerifyClient: ${peer}`) }, 'optional'],
  [
    'WEBrick, VERIFY_PEER and FAIL_IF_NO_PEER_CERT',
    'ruby app.rb',
    { 'app.rb': webrick(`${withTls}, SSLVerifyClient: ${strict}`) },
    'required',
  ],
  ['SSLServer that asks nothing', 'ruby app.rb', { 'app.rb': opensslCode('') }, 'not asked'],
  ['SSLServer, VERIFY_PEER', 'ruby app.rb', { 'app.rb': opensslCode(`context.verify_mode = ${peer}`) }, 'optional'],
  ['SSLServer, both flags', 'ruby app.rb', { 'app.rb': opensslCode(`context.verify_mode = ${strict}`) }, 'required'],
  [
    'SSLServer whose callback says yes',
    'ruby app.rb',
    { 'app.rb': opensslCode(`context.verify_mode = ${strict}\ncontext.verify_callback = proc { |_ok, _store| true }`) },
    'any but none',
  ],
  [
    'WEBrick whose callback says yes',
    'ruby app.rb',
    { 'app.rb': webrick(`${withTls}, SSLVerifyClient: ${peer}, SSLVerifyCallback: ->(_ok, _store) { true }`) },
    'any',
  ],
  [
    'Sinatra on Thin, a backend of one’s own',
    'ruby app.rb',
    {
      'app.rb': modular(`require 'thin'
class Secured < Thin::Backends::TcpServer
  def initialize(host, port, options)
    super(host, port)
    @ssl = true
    @ssl_options = options
  end
end
class << App
  def server_settings
    { backend: Secured, private_key_file: 'KEY_', cert_chain_file: 'CERT_', verify_peer: true, fail_if_no_peer_cert: true }
  end
end
App.run! server: 'thin'`),
    },
    'any but none',
  ],
  [
    'Puma from code, VERIFY_PEER',
    'ruby app.rb',
    {
      'app.rb': `require 'openssl'
require 'puma'
require 'puma/server'
require 'puma/minissl'
context = Puma::MiniSSL::Context.new
context.key = 'KEY_'
context.cert = 'CERT_'
context.ca = 'CA_'
context.verify_mode = Puma::MiniSSL::VERIFY_PEER
server = Puma::Server.new(->(_env) { [200, {}, ['the invoices']] })
server.add_ssl_listener('127.0.0.1', PORT_, context)
server.run.join
`,
    },
    'optional',
  ],
  [
    'Unicorn, whatever is said',
    'unicorn -c config/unicorn.rb',
    { 'config/unicorn.rb': `listen '127.0.0.1:PORT_'\n`, 'app.rb': '' },
    'plain',
  ],
]

function verdictOf({ transport, clients, refusesNone }: Listener): Verdict {
  if (transport === 'plain') return 'plain'
  return clients === 'any' && refusesNone ? 'any but none' : clients
}

it.concurrent.each(rows.map(([name, command, files, verdict]) => [name, verdict, command, files] as const))(
  '%s: %s, as the model says from the files and as the server does',
  async (_name, verdict, command, files) => {
    const port = await freePort()
    const fill = (text: string) =>
      text
        .replaceAll('PORT_', String(port))
        .replaceAll('CERT_', pki.file.server)
        .replaceAll('KEY_', pki.file.serverKey)
        .replaceAll('CA_', pki.file.ca)
    const all = { 'config.ru': rackup, Procfile: `web: ${fill(command)}\n`, ...files }
    const tree = await scratchTree(Object.fromEntries(Object.entries(all).map(([path, text]) => [path, fill(text)])))
    const deployment = await readDeployment(tree)
    const listeners = await readListeners(tree, deployment, (gap) => expect(gap).toBe(''))
    const own = listeners.filter((listener) => listener.port === port || listener.port === undefined)
    expect(own.map(verdictOf)).toEqual([verdict])

    const folder = join(pki.folder, `row-${port}`)
    for (const path of tree.paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), tree.file(path)?.text ?? '')
    }
    const [start] = deployment.starts
    const variables = [...(start?.environment ?? [])].map(([variable, value]) => `${variable}=${value}`)
    const started = await startProgram(port, 'env', [...variables, ...(start?.argv ?? [])], folder)
    try {
      const [plain, none, otherCa, selfSigned, good] = await Promise.all([
        isServed(port, 'plain'),
        isServed(port, {}),
        isServed(port, strangers.otherCa),
        isServed(port, strangers.selfSigned),
        isServed(port, { cert: pki.good.certificate, key: pki.good.key }),
      ])
      expect({ plain, none, otherCa, selfSigned, good }).toEqual(byVerdict[verdict])
    } finally {
      await started.stop()
    }
  },
  30_000,
)
