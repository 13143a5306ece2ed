import { constantOf } from '../flow/calls-of.ts'
import { holdsInProduction } from '../flow/environments.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import { isLoopback, targetOf } from '../flow/request-target.ts'
import { type Expression, walk } from '../form.ts'
import type { Problem, ProgramEvidence, Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'

export const clientCertificateNotPresented: Rule = {
  id: 'client-certificate-not-presented',
  about: 'program',
  title: 'Client certificate is configured and not presented',
  severity: 'medium',
  cwe: 306,
  explanation: `The program has a client certificate or its key, by a variable or a file of that name, and no HTTP client is
given it; or a client is given the certificate without its key, with which nothing is presented.

The connection then is one that anybody can make. Either the upstream does not ask for a certificate, and mutual TLS outwards
is only meant, or the requests fail.

**Fix.** Give the client both, the certificate and its key: \`http.cert\` and \`http.key\`; \`ssl: { client_cert:, client_key: }\`;
\`ssl_client_cert:\` and \`ssl_client_key:\`. Where none is needed, delete the setting.`,
  examples: {
    bad: [
      "require 'net/http'\nrequire 'openssl'\nhttp = Net::HTTP.new('ledger.example.com', 443)\nhttp.use_ssl = true\nhttp.cert = OpenSSL::X509::Certificate.new(File.read('tls/ledger.pem'))\nhttp.get('/balance')",
      "require 'sinatra'\nrequire 'net/http'\nCLIENT_CERT = File.read(ENV.fetch('CLIENT_CERT_PATH'))\nget '/balance' do\n  http = Net::HTTP.new('ledger.example.com', 443)\n  http.use_ssl = true\n  http.ca_file = 'tls/ca.pem'\n  http.get('/balance')\n  'ok'\nend",
      "require 'faraday'\nFaraday.new(url: 'https://ledger.example.com', ssl: { client_cert: OpenSSL::X509::Certificate.new(File.read('tls/us.pem')) }).get('/balance')",
      "require 'rest-client'\nRestClient::Request.execute(method: :get, url: 'https://ledger.example.com/balance', ssl_client_cert: OpenSSL::X509::Certificate.new(File.read('tls/us.pem')))",
      "require 'net/http'\nrequire 'openssl'\nclass Ledger\n  def initialize\n    @certificate = OpenSSL::X509::Certificate.new(File.read('tls/us.pem'))\n    @private_key = OpenSSL::PKey.read(File.read('tls/us.key'))\n  end\n  def balance\n    http = Net::HTTP.new('ledger.example.com', 443)\n    http.use_ssl = true\n    http.get('/balance').body\n  end\nend",
    ],
    good: [
      "require 'net/http'\nrequire 'openssl'\nclass Signer\n  def initialize\n    @certificate = OpenSSL::X509::Certificate.new(File.read('tls/us.pem'))\n    @private_key = OpenSSL::PKey.read(File.read('tls/us.key'))\n  end\n  def send_signed(text)\n    signed = OpenSSL::PKCS7.sign(@certificate, @private_key, text)\n    http = Net::HTTP.new('ledger.example.com', 443)\n    http.use_ssl = true\n    http.post('/statements', signed.to_der)\n  end\nend",
      "require 'net/http'\nrequire 'openssl'\nhttp = Net::HTTP.new('ledger.example.com', 443)\nhttp.use_ssl = true\nhttp.cert = OpenSSL::X509::Certificate.new(File.read('tls/client.pem'))\nhttp.key = OpenSSL::PKey.read(File.read('tls/client.key'))\nhttp.get('/balance')",
      "require 'faraday'\nFaraday.new(url: 'https://ledger.example.com', ssl: { client_cert: OpenSSL::X509::Certificate.new(File.read('tls/us.pem')), client_key: OpenSSL::PKey.read(File.read('tls/us.key')) }).get('/balance')",
      "require 'sinatra'\nrequire 'net/http'\nget '/who' do\n  halt 403 unless request.env['SSL_CLIENT_CERT']\n  http = Net::HTTP.new('ledger.example.com', 443)\n  http.use_ssl = true\n  http.get('/balance')\n  'ok'\nend",
      "require 'httparty'\nclass Ledger\n  include HTTParty\n  pem File.read(ENV.fetch('CLIENT_CERT_PATH'))\n  base_uri 'https://ledger.example.com'\n  follow_redirects false\n  def balance = self.class.get('/balance')\nend",
    ],
  },
  *check(evidence) {
    const requests = evidence.flows.filter(
      ({ sink, where, detail }) => sink === 'request' && detail !== undefined && holdsInProduction(where),
    )
    yield* withoutKey(requests)
    if (requests.length === 0 || requests.some(({ detail }) => detail && presents(detail.clientCertificate))) return
    if (requests.every((flow) => !mayBeMutual(flow))) return
    yield* neverGiven(evidence)
  },
}

function* withoutKey(requests: readonly Flow[]): Iterable<Problem> {
  for (const flow of requests) {
    const { clientCertificate, clientKey } = flow.detail ?? {}
    if (!presents(clientCertificate) || clientKey !== undefined) continue
    yield {
      ...flow,
      message: `${inContext(flow.context)} gives its HTTP client a certificate without the key: none is presented.`,
      fix: 'Give the client the certificate’s key too.',
      identity: [flow.context, flow.name, 'without key'],
    }
  }
}

function presents(told: unknown): boolean {
  return told !== undefined && told !== null && told !== false
}

function mayBeMutual({ detail }: Flow): boolean {
  const { host, isTls } = targetOf(detail ?? {})
  return isTls !== false && !(host !== undefined && isLoopback(host))
}

/** The first place that reads one, where nothing in the program is given a certificate by any name. */
function* neverGiven({ program }: ProgramEvidence): Iterable<Problem> {
  let first: { readonly source: SourceFile; readonly read: Expression } | undefined
  for (const { source, form } of program.codeMentioning(['[]', '!'], 'client certificate', mentioned)) {
    let read: Expression | undefined
    walk(form, (expression, enclosing) => {
      const parent = enclosing.at(-1)
      if (read || expression.kind !== 'text' || !names.test(expression.value)) return
      if (parent?.kind === 'call' && parent.receiver && parent.args.includes(expression)) read = parent
    })
    if (read) first ??= { source, read }
  }
  first ??= loadedForNothing(program)
  if (!first || isGivenAnywhere(program)) return
  const { source, read } = first
  yield {
    file: source,
    start: read.start,
    end: read.end,
    message: 'A client certificate is read here, and no HTTP client of the program is given one.',
    fix: 'Give it, with its key, to the client of the upstream that it is for; or delete it.',
    confidence: 'firm',
    identity: ['never given'],
  }
}

/** A certificate that is loaded beside a private key, into a variable that its file never reads. */
function loadedForNothing(program: Program): { readonly source: SourceFile; readonly read: Expression } | undefined {
  for (const { source, form } of program.codeMentioning(['new'], 'loaded certificate', /\bPKey\b/)) {
    const loaded = new Map<string, Expression>()
    const read = new Set<string>()
    let hasKey = false
    walk(form, (expression) => {
      if (expression.kind === 'read') read.add(expression.variable.name)
      if (expression.kind !== 'write' || expression.variable.scope === 'constant') return
      const made = makerOf(expression.value)
      if (/(?:^|::)X509::Certificate$/.test(made)) loaded.set(expression.variable.name, expression)
      hasKey ||= /(?:^|::)PKey(?:::\w+)?$/.test(made)
    })
    const unread = [...loaded].find(([name]) => !read.has(name))
    if (hasKey && unread) return { source, read: unread[1] }
  }
  return undefined
}

/** The constant that makes a value; '' where none does. */
function makerOf(value: Expression): string {
  return (value.kind === 'call' && (value.name === 'new' || value.name === 'read') && constantOf(value.receiver)) || ''
}

function isGivenAnywhere(program: Program): boolean {
  for (const { form } of program.codeMentioning(['[]', '!'], certificateWords)) {
    let isGiven = false
    walk(form, (expression) => {
      isGiven ||= gives(expression)
    })
    if (isGiven) return true
  }
  return false
}

/** A variable or a file of a client's certificate; not what a server or a proxy tells of its clients'. */
const names =
  /^(?!HTTP_|SSL_CLIENT|X-|X_|.*(?:subject|verify|_dn\b))(?:.*[\W_])?(?:client|mtls)[_-]?(?:tls[_-]?)?(?:cert(?:ificate)?|crt|pem)(?![a-z])/i

/** The same, anywhere in a text. */
const mentioned = /(?:client|mtls)[_-]?(?:tls[_-]?)?(?:cert|crt|pem)/i

const certificateWords = ['cert', 'Cert', 'CERT', 'pkcs', 'PKCS', 'p12', 'P12', 'pem', 'PEM', 'ssl_context']
const certificate = /cert|pkcs|p12|(?:^|_)pem(?:_|=|$)|ssl_context/i

/** A setting or a named argument for a certificate, of whatever library. */
function gives(expression: Expression): boolean {
  if (expression.kind === 'call') return expression.args.length > 0 && certificate.test(expression.name)
  return (
    expression.kind === 'table' &&
    expression.entries.some(({ key }) => key?.kind === 'text' && certificate.test(key.value))
  )
}
