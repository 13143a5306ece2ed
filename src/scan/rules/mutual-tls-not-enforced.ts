import { walk } from '../form.ts'
import type { Problem, Rule } from '../rule.ts'
import { appListeners, oncePerPlace, placeText } from '../servers/app-listeners.ts'
import type { Listener } from '../servers/listener.ts'
import type { Tree } from '../tree.ts'

export const mutualTlsNotEnforced: Rule = {
  id: 'mutual-tls-not-enforced',
  about: 'tree',
  title: 'Server asks for client certificates and serves those without a good one',
  severity: 'high',
  cwe: 295,
  cap: { grade: 'C', reason: 'mutual TLS is claimed and not enforced' },
  explanation: `The configuration of the program's own server names a CA or a way of verifying clients, and the server still serves clients that
show no certificate, or any. Measured on the servers themselves:

| configuration | who is served without a good certificate |
|---|---|
| Puma \`verify_mode: 'peer'\` | clients that show none |
| Puma \`ca\` without \`verify_mode\`, or \`none\` | everybody |
| Thin, with every setting that it has | everybody who makes a certificate: Thin has no CA to verify against |
| WEBrick and \`OpenSSL::SSL\` with \`VERIFY_PEER\` alone | clients that show none |
| a \`verify_callback\` that is always true | everybody who makes a certificate |

Iodine's \`trust\` verifies as WEBrick's \`VERIFY_PEER\` alone does: read in its source, not measured.

**Fix.** Puma: \`verify_mode: 'force_peer'\` with \`ca\`. WEBrick and \`OpenSSL::SSL\`:
\`VERIFY_PEER | VERIFY_FAIL_IF_NO_PEER_CERT\`. Thin: another server, or \`sallyport run\` in front. Prove it with
\`sallyport probe\`.`,
  examples: {
    bad: [
      {
        'server.rb':
          "require 'rack'\noptions = { server: 'webrick', Host: '0.0.0.0', Port: 8443, SSLEnable: true, SSLVerifyClient: OpenSSL::SSL::VERIFY_NONE, SSLCACertificateFile: 'ca.crt' }\nRack::Server.start(options)\n",
        Makefile: 'run:\n\tbundle exec ruby server.rb\n',
      },
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 'server.crt', key: 'server.pem', ca: 'ca.crt', verify_mode: 'peer'\n",
        Procfile: 'web: bundle exec puma -C config/puma.rb\n',
      },
      { 'config/puma.rb': "bind 'ssl://0.0.0.0:8443?cert=server.crt&key=server.pem&ca=ca.crt'\n" },
      {
        'server.rb':
          "require 'webrick/https'\nserver = WEBrick::HTTPServer.new(\n  Port: 8443, SSLEnable: true, SSLCACertificateFile: 'ca.crt',\n  SSLVerifyClient: OpenSSL::SSL::VERIFY_PEER\n)\nserver.start\n",
      },
      {
        'server.rb':
          "require 'thin'\nserver = Thin::Server.new('0.0.0.0', 8443, App)\nserver.ssl = true\nserver.ssl_options = { private_key_file: 'k', cert_chain_file: 'c', verify_peer: true }\nserver.start\n",
      },
      {
        'server.rb':
          "context = OpenSSL::SSL::SSLContext.new\ncontext.ca_file = 'ca.crt'\ncontext.verify_mode = OpenSSL::SSL::VERIFY_PEER\nserver = OpenSSL::SSL::SSLServer.new(TCPServer.new(8443), context)\n",
      },
      {
        'config.ru':
          "require 'iodine'\ntls = Iodine::TLS.new('api', 'server.crt', 'server.key')\ntls.trust('clients-ca.pem')\nIodine.listen(service: :http, port: '8443', handler: App, tls: tls)\nIodine.start\n",
      },
      {
        'falcon.rb':
          "load :rack\nrack 'api.example.com' do\n  endpoint do\n    context = OpenSSL::SSL::SSLContext.new\n    context.ca_file = 'clients-ca.pem'\n    Async::HTTP::Endpoint.parse('https://0.0.0.0:8443', ssl_context: context)\n  end\nend\n",
      },
    ],
    good: [
      {
        'lib/client.rb':
          "require 'async/http'\ncontext = OpenSSL::SSL::SSLContext.new\ncontext.ca_file = 'ca.pem'\nAsync::HTTP::Client.new(Async::HTTP::Endpoint.parse('https://api.example.com', ssl_context: context))\n",
      },
      {
        'falcon.rb':
          "load :rack\nrack 'api.example.com' do\n  endpoint do\n    context = OpenSSL::SSL::SSLContext.new\n    context.ca_file = 'clients-ca.pem'\n    context.verify_mode = OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT\n    Async::HTTP::Endpoint.parse('https://0.0.0.0:8443', ssl_context: context)\n  end\nend\n",
      },
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 'server.crt', key: 'server.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
        Procfile: 'web: bundle exec puma -C config/puma.rb\n',
      },
      { 'config/puma.rb': "ssl_bind '0.0.0.0', '8443', cert: 'server.crt', key: 'server.pem'\n" },
      {
        'server.rb':
          "require 'webrick/https'\nserver = WEBrick::HTTPServer.new(\n  Port: 8443, SSLEnable: true, SSLCACertificateFile: 'ca.crt',\n  SSLVerifyClient: OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT\n)\nserver.start\n",
      },
    ],
  },
  *check({ tree, listeners }) {
    const own = appListeners(listeners)
    const enforced = new Set(
      own.filter(({ clients }) => clients === 'required').map(({ file, start }) => `${file.path} ${start}`),
    )
    for (const listener of oncePerPlace(own)) {
      const { claims, clients, file, start } = listener
      if (!claims || clients === 'required' || enforced.has(`${file.path} ${start}`)) continue
      if (clients === 'optional' && judgesInTheApp(tree, listener)) continue
      yield problem(listener)
    }
  },
}

function problem(listener: Listener): Problem {
  const { server, file, start, end, because, clients, transport, correction } = listener
  const who =
    transport === 'plain'
      ? 'everybody is served, without TLS'
      : clients === 'optional'
        ? 'a client without a certificate is served'
        : clients === 'any'
          ? 'whoever makes a certificate is served'
          : 'everybody is served'
  return {
    file,
    start,
    end,
    message: `On ${placeText(listener)} ${who}: ${because[0] ?? 'no client needs a certificate'}.`,
    fix: fixes[server] ?? 'Demand a certificate of a CA of your own, and prove it: sallyport probe.',
    ...(correction === undefined ? {} : { correction }),
    identity: [server, clients],
  }
}

const flags = 'OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT'
const fixes: Readonly<Record<string, string>> = {
  puma: "Write verify_mode: 'force_peer' (verify_mode=force_peer in a URL) with ca, and prove it: sallyport probe.",
  iodine:
    'Iodine cannot refuse clients without a certificate: take Puma with force_peer, or start the app behind sallyport run.',
  thin: 'Thin cannot verify clients against a CA: take Puma with force_peer, or start the app behind sallyport run.',
  webrick: `Write SSLVerifyClient: ${flags}, and prove it: sallyport probe.`,
  'openssl-server': `Write verify_mode = ${flags}, and prove it: sallyport probe.`,
}

const readNames = new Set(['puma.peercert', 'SSL_CLIENT_CERT', 'SSL_CLIENT_VERIFY'])

/** The program turns away who showed none itself: it reads the certificate that the server has verified. */
function judgesInTheApp(tree: Tree, { folder = '' }: Listener): boolean {
  const prefix = folder === '' ? '' : `${folder}/`
  return tree.paths.some((path) => {
    if (!path.startsWith(prefix) || !/\.(?:rb|ru)$/.test(path)) return false
    const form = tree.isAbout(path, 'kept certificate') ? tree.form(path) : undefined
    let reads = false
    if (form)
      walk(form, (expression) => {
        reads ||= expression.kind === 'text' && readNames.has(expression.value)
      })
    return reads
  })
}
