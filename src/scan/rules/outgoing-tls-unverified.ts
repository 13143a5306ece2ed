import { constantOf } from '../flow/calls-of.ts'
import { holdsInProduction } from '../flow/environments.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import { branchesAround } from '../flow/tests-around.ts'
import { type Branch, type Call, type Expression, walk } from '../form.ts'
import type { Problem, ProgramEvidence, Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'

/** What stands for no verification, and what should stand there. */
const corrections: readonly (readonly [RegExp, string])[] = [
  [/VERIFY_NONE/, 'VERIFY_PEER'],
  [/\bfalse\b/, 'true'],
  [/\btrue\b/, 'false'],
  [/\bnone\b/, 'peer'],
]

export const outgoingTlsUnverified: Rule = {
  id: 'outgoing-tls-unverified',
  about: 'program',
  title: 'Outgoing TLS without verification',
  severity: 'high',
  cwe: 295,
  explanation: `A client is told to accept any certificate of the host that it connects to.

The connection is encrypted, to whoever answers it: anybody on the way, or in the name server's cache, can show a certificate
of their own, read the key in the request and pass the request on. Nothing is logged, nothing fails.

**Fix.** Leave verification on. For a host with a certificate of your own authority, name that authority (\`ca_file\`), and
do so in development too, so that nothing has to be switched.`,
  examples: {
    bad: [
      "require 'net/http'\nuri = URI(ENV.fetch('ITEMS_URL'))\nhttp = Net::HTTP.new(uri.host, uri.port)\nif uri.scheme == 'https'\n  http.use_ssl = true\n  http.verify_mode = OpenSSL::SSL::VERIFY_NONE\nend\nhttp.get('/v1/items')",
      "require 'net/http'\nuri = URI('https://api.example.com/v1/items')\nhttp = Net::HTTP.new(uri.host, uri.port)\nhttp.use_ssl = true\nhttp.verify_mode = OpenSSL::SSL::VERIFY_NONE\nhttp.get(uri.request_uri)",
      "require 'faraday'\nclass Ledger\n  def connection\n    @connection ||= Faraday.new(url: 'https://ledger.example.com', ssl: { verify: false }) do |f|\n      f.request :authorization, 'Bearer', ENV.fetch('LEDGER_TOKEN')\n    end\n  end\nend",
      "require 'httparty'\ndef items = HTTParty.get('https://api.example.com/items', verify: false)",
      "require 'rest-client'\nRestClient::Request.execute(method: :get, url: 'https://api.example.com', verify_ssl: OpenSSL::SSL::VERIFY_NONE)",
      "require 'excon'\nExcon.defaults[:ssl_verify_peer] = false",
      "require 'typhoeus'\nTyphoeus.get('https://api.example.com', ssl_verifypeer: false, timeout: 5)",
      "require 'openssl'\nOpenSSL::SSL::VERIFY_PEER = OpenSSL::SSL::VERIFY_NONE",
      "require 'openssl'\nOpenSSL::SSL.send(:remove_const, :VERIFY_PEER)\nOpenSSL::SSL.const_set(:VERIFY_PEER, OpenSSL::SSL::VERIFY_NONE)",
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.verify_callback = ->(_is_good, _store) { true }\nhttp.get('/')",
      "require 'http'\ndef items\n  context = OpenSSL::SSL::SSLContext.new\n  context.verify_mode = OpenSSL::SSL::VERIFY_NONE\n  HTTP.timeout(5).get('https://api.example.com', ssl_context: context)\nend",
      "require 'socket'\nrequire 'openssl'\ncontext = OpenSSL::SSL::SSLContext.new\ncontext.verify_mode = OpenSSL::SSL::VERIFY_NONE\nsocket = OpenSSL::SSL::SSLSocket.new(TCPSocket.new('ledger.example.com', 443), context)\nsocket.connect\nsocket.puts 'GET / HTTP/1.0'",
      "require 'http'\ncontext = OpenSSL::SSL::SSLContext.new\nHTTP.get('https://api.example.com', ssl: { verify_mode: OpenSSL::SSL::VERIFY_NONE })",
    ],
    good: [
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.verify_callback = ->(is_good, store) { warn store.error_string unless is_good\n  is_good }\nhttp.get('/')",
      "require 'net/http'\ndef client(uri, options)\n  http = Net::HTTP.new(uri.host, uri.port)\n  http.use_ssl = true\n  if options.fetch(:verify, true)\n    http.verify_mode = OpenSSL::SSL::VERIFY_PEER\n  else\n    http.verify_mode = OpenSSL::SSL::VERIFY_NONE\n  end\n  http\nend",
      "require 'openssl'\nclass Link\n  def context\n    made = OpenSSL::SSL::SSLContext.new\n    if verify?\n      made.verify_mode = OpenSSL::SSL::VERIFY_PEER\n    else\n      made.verify_mode = OpenSSL::SSL::VERIFY_NONE\n    end\n    made\n  end\n  def open(socket)\n    socket = OpenSSL::SSL::SSLSocket.new(socket, context)\n    socket.connect\n  end\nend",
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.ca_file = 'config/ca.pem'\nhttp.verify_mode = OpenSSL::SSL::VERIFY_PEER\nhttp.get('/')",
      "require 'faraday'\nFaraday.new(url: 'https://ledger.example.com', ssl: { verify: true, ca_file: 'config/ca.pem' })",
      "require 'sinatra'\nrequire 'net/http'\nconfigure :development do\n  HTTP_CLIENT = Net::HTTP.new('localhost', 8443)\n  HTTP_CLIENT.verify_mode = OpenSSL::SSL::VERIFY_NONE\nend",
      "require 'openssl'\nrequire 'socket'\ncontext = OpenSSL::SSL::SSLContext.new\ncontext.verify_mode = OpenSSL::SSL::VERIFY_NONE\ncontext.cert = OpenSSL::X509::Certificate.new(File.read('server.pem'))\nserver = OpenSSL::SSL::SSLServer.new(TCPServer.new(8443), context)\nserver.accept",
    ],
  },
  *check(evidence) {
    const { program } = evidence
    const flows = evidence.flows.filter(({ file }) => !isTest(file.path))
    for (const flow of flows) {
      if (flow.sink !== 'option' || flow.detail?.verification !== 'none' || !holdsInProduction(flow.where)) continue
      if (isAskedFor(flow, program)) continue
      yield problemAt(flow, `${inContext(flow.context)} accepts any certificate of the host that it connects to.`)
    }
    const connected = new Set<string>()
    for (const flow of flows) {
      if (flow.sink !== 'request' || flow.detail?.verification !== 'unasked' || !holdsInProduction(flow.where)) continue
      const where = `${flow.file.path} ${flow.context}`
      if (connected.has(where)) continue
      connected.add(where)
      yield problemAt(flow, `${inContext(flow.context)} connects with a context that accepts any certificate.`)
    }
    yield* redefined(evidence)
    yield* saidYes(evidence)
  },
}

/** Tests connect to what they have started themselves. */
function isTest(path: string): boolean {
  return /(?:^|\/)(?:tests?|specs?|features)\/|_(?:spec|test)\.rb$/.test(path)
}

/** Whether a setting about verification decides: whoever uses the code chooses, and where that is done is the finding. */
function isAskedFor(flow: Flow, program: Program): boolean {
  return branchesAround(flow, program).some((branch) => {
    const known = asking.get(branch)
    if (known !== undefined) return known
    const asks = branch.tests.some(({ start, end }) => /verif|insecure|check/i.test(flow.file.text.slice(start, end)))
    asking.set(branch, asks)
    return asks
  })
}

/** Looked up once for a branch: it may have very many arms. */
const asking = new WeakMap<Branch, boolean>()

function problemAt({ sink, file, start, end, context, name, holds }: Flow, message: string): Problem {
  const correction = sink === 'option' ? corrected(file, start, end) : undefined
  return {
    file,
    start,
    end,
    message,
    fix: 'Leave verification on, and name the authority that has signed the certificate: its file goes with the client’s other settings.',
    ...(correction === undefined ? {} : { correction }),
    ...(holds === undefined ? {} : { holds }),
    identity: [context, name],
  }
}

function corrected(file: SourceFile, start: number, end: number): string | undefined {
  const written = file.quote(start, end)
  // Where the whole call is meant, what to change stands elsewhere.
  if (!/^:?[\w:]+$/.test(written)) return undefined
  for (const [off, on] of corrections) if (off.test(written)) return written.replace(off, on)
  return undefined
}

const lastParts = (names: readonly string[]) => names.map((name) => name.replace(/^.*::/, ''))

/** Constants that mean verification and are given another value: for every client in the process. */
function* redefined({ program, verifying }: ProgramEvidence): Iterable<Problem> {
  for (const { source, form } of program.codeMentioning([...verifying, 'const_set'], lastParts(verifying))) {
    const found: { readonly write: Expression; readonly name: string }[] = []
    walk(form, (expression) => {
      const name = constantGiven(expression)
      if (name !== undefined && verifying.includes(name)) found.push({ write: expression, name })
    })
    for (const { write, name } of found)
      yield {
        file: source,
        start: write.start,
        end: write.end,
        message: `${name} is given another value: every client of the process accepts any certificate.`,
        fix: 'Delete this line; name the authority that has signed the certificate where the one client is made.',
        identity: [name],
      }
  }
}

/** The constant that is written: `A::B = …`, `A.const_set(:B, …)`. */
function constantGiven(expression: Expression): string | undefined {
  if (expression.kind === 'write' && expression.variable.scope === 'constant')
    return expression.variable.name.replace(/^::/, '')
  if (expression.kind !== 'call' || !/^(?:const_set|send|__send__)$/.test(expression.name)) return undefined
  const [first, second] = expression.args
  const name = expression.name === 'const_set' ? first : second
  const isSet = expression.name === 'const_set' || (first?.kind === 'text' && first.value === 'const_set')
  const within = constantOf(expression.receiver)
  return isSet && name?.kind === 'text' && within !== undefined ? `${within}::${name.value}` : undefined
}

/** Functions that have the last word on a certificate, and say yes whatever they are told. */
function* saidYes({ program, judging }: ProgramEvidence): Iterable<Problem> {
  for (const { source, form } of program.codeMentioning(
    ['[]', '!', ...judging.map((name) => `${name}=`)],
    'certificate callback',
  )) {
    const found: { readonly at: Expression; readonly name: string }[] = []
    walk(form, (expression) => {
      if (expression.kind === 'call' && expression.receiver && expression.name.endsWith('=')) {
        const name = expression.name.slice(0, -1)
        if (judging.includes(name) && isYes(expression.args[0])) found.push({ at: expression, name })
      }
      if (expression.kind === 'table')
        for (const { key, value } of expression.entries)
          if (key?.kind === 'text' && judging.includes(key.value) && isYes(value))
            found.push({ at: value, name: key.value })
    })
    for (const { at, name } of found)
      yield {
        file: source,
        start: at.start,
        end: at.end,
        message: `${name} says yes to every certificate, whatever was found out about it.`,
        fix: 'Delete the function, or have it give what it was given first; name the authority that has signed the certificate.',
        identity: [name],
      }
  }
}

/** `proc { true }`, `lambda { |*| true }`, `->(_ok, _store) { true }`. */
function isYes(expression: Expression | undefined): boolean {
  const made: Call | undefined = expression?.kind === 'call' ? expression : undefined
  const closure = made && ['proc', 'lambda', 'new'].includes(made.name) ? made.block : expression
  if (closure?.kind !== 'closure') return false
  const last = closure.body.kind === 'sequence' ? closure.body.body.at(-1) : closure.body
  return last?.kind === 'constant' && last.value === true
}
