import { type Expression, walk } from '../form.ts'
import type { Problem, Rule } from '../rule.ts'
import { appListeners, isBeyondLoopback } from '../servers/app-listeners.ts'
import type { Listener } from '../servers/listener.ts'
import { isProxyListener } from '../servers/proxy.ts'
import type { SourceFile } from '../source-file.ts'
import { lastName } from '../survey.ts'

export const trustsProxyCertificateFields: Rule = {
  id: 'trusts-proxy-certificate-fields',
  about: 'tree',
  title: 'Believes a request field about the client’s certificate, and no proxy owns it',
  severity: 'high',
  cwe: 290,
  explanation: `The program takes a request field such as \`X-SSL-Client-Verify\`, \`X-Client-Cert\` or \`X-Forwarded-Client-Cert\` for the proof that
its client showed a certificate, and nothing in the repository sets or removes that field before the program. Seen: whoever
sends \`X-SSL-Client-Verify: SUCCESS\` straight to the app's port is believed. Rack folds \`-\`, \`_\` and case into one name, so
\`X_SSL_Client_Verify\` does the same through a proxy that only overwrites the other spelling.

**Fix.** Keep the proxy's configuration beside the program, let it set the field on every path, and bind the program to
127.0.0.1 or a Unix socket. Better, let the server itself demand the certificate.`,
  examples: {
    bad: [
      {
        'app.rb':
          "require 'sinatra'\nmodule Peer\n  FIELD = 'HTTP_X_SSL_CLIENT_VERIFY'.freeze\n  def self.known?(env) = env[FIELD] == 'SUCCESS'\nend\nbefore { halt 403 unless Peer.known?(env) }\n",
      },
      {
        'app.rb':
          "require 'sinatra'\nbefore do\n  halt 403 unless request.env['HTTP_X_SSL_CLIENT_VERIFY'] == 'SUCCESS'\nend\nget('/') { 'hello' }\n",
        Procfile: 'web: ruby app.rb -o 0.0.0.0\n',
      },
      {
        'app.rb':
          "class Guard\n  def call(env)\n    dn = env.fetch('HTTP_X_CLIENT_CERT_DN', '')\n    return [403, {}, []] unless dn.include?('CN=billing')\n    @app.call(env)\n  end\nend\n",
      },
    ],
    good: [
      {
        'app.rb':
          "require 'sinatra'\nset :bind, '127.0.0.1'\nbefore do\n  halt 403 unless request.env['HTTP_X_SSL_CLIENT_VERIFY'] == 'SUCCESS'\nend\nget('/') { 'hello' }\n",
      },
      {
        'app.rb':
          "class Strip\n  def call(env)\n    env.delete('HTTP_X_SSL_CLIENT_VERIFY')\n    @app.call(env)\n  end\nend\n",
      },
    ],
  },
  *check({ tree, listeners }) {
    // Where a proxy of the tree leads to the program, what it does with each field is proxy-passes-identity-fields.
    const hasProxy = listeners.some(
      (listener) =>
        isProxyListener(listener) &&
        listener.proxy.speaks === 'http' &&
        listener.proxy.routes.some(({ to }) => to !== ''),
    )
    if (hasProxy) return
    for (const path of tree.paths) {
      if (/(?:^|\/)(?:tests?|specs?|vendor)\//.test(path)) continue
      const file = tree.isAbout(path, 'identity field') ? tree.file(path) : undefined
      if (!file || !/(?:HTTP_|-)\w*(?:SSL|TLS|CERT|CLIENT)/i.test(file.text) || judgesPeers.test(file.text)) continue
      const root = tree.form(path)
      const own = appListeners(listeners).filter(({ folder = '' }) => path.startsWith(folder))
      const isClosed = own.length > 0 && own.every((listener) => isBeyondLoopback(listener) === false)
      if (root && !isClosed) yield* problems(file, root, own)
    }
  },
}

/** Whoever looks at the peer's address may have let the proxy in alone. */
const judgesPeers = /REMOTE_ADDR|remote_addr|\brequest\.ip\b|remote_ip/

const certificateField =
  /^HTTP_(?:X_)?(?:(?:SSL|TLS|MTLS)_CLIENT(?:_\w+)?|(?:SSL|TLS|MTLS)_(?:CERT|CN|DN|SUBJECT|VERIF\w*|S_DN)\w*|CLIENT_(?:CERT|VERIF|DN|S_DN|SUBJECT|CN|SSL|TLS)\w*|FORWARDED_(?:CLIENT_CERT|TLS_CLIENT_CERT\w*|SSL_CLIENT\w*)|AMZN_MTLS_\w+)$/

/** Calls that take a field away or write it down; nothing is believed. */
const harmless = new Set([
  'delete',
  'delete_header',
  '[]=',
  'set_header',
  'info',
  'debug',
  'warn',
  'puts',
  'key?',
  'except',
])
const reads = new Set(['[]', 'fetch', 'dig', 'get_header', 'values_at'])

function* problems(file: SourceFile, root: Expression, own: readonly Listener[]): Iterable<Problem> {
  const found = new Map<string, Expression>()
  const named = namedFields(root)
  walk(root, (expression, enclosing) => {
    const written =
      expression.kind === 'text'
        ? expression.value
        : expression.kind === 'read' && expression.variable.scope === 'constant'
          ? named.get(lastName(expression.variable.name))
          : undefined
    if (written === undefined) return
    const reader = enclosing.at(-1)
    if (reader?.kind !== 'call' || !reads.has(reader.name)) return
    const name =
      /^[A-Za-z]+(?:-[A-Za-z]+)+$/.test(written) && ofRequest(reader.receiver) ? foldedName(written) : written
    if (!certificateField.test(name) || found.has(name)) return
    if (!enclosing.some((call) => call.kind === 'call' && harmless.has(call.name) && call.block === undefined))
      found.set(name, reader)
  })
  const [first] = [...found]
  if (!first) return
  const [field, { start, end }] = first
  const isOpen = own.some((listener) => isBeyondLoopback(listener))
  yield {
    file,
    start,
    end,
    confidence: isOpen ? 'certain' : 'firm',
    message: `${[...found.keys()].map(fieldName).join(', ')}: believed as the client sent it, for nothing in the repository sets it before the program.`,
    fix: 'Let a proxy set the field on every path, its spelling with underscores removed, and bind the program to 127.0.0.1.',
    identity: [field],
  }
}

/** Fields by the constants that stand for their names in the same file. */
function namedFields(root: Expression): ReadonlyMap<string, string> {
  const named = new Map<string, string>()
  walk(root, (expression) => {
    if (expression.kind !== 'write' || expression.variable.scope !== 'constant') return
    const { value } = expression
    const text = value.kind === 'call' && value.name === 'freeze' ? value.receiver : value
    if (text?.kind === 'text' && certificateField.test(text.value))
      named.set(lastName(expression.variable.name), text.value)
  })
  return named
}

/** `headers[…]`, `request.headers[…]`: not those of an answer. */
function ofRequest(receiver: Expression | undefined): boolean {
  if (receiver?.kind !== 'call' || (receiver.name !== 'headers' && receiver.name !== 'header')) return false
  const { receiver: owner } = receiver
  return owner === undefined || (owner.kind === 'call' && /^(?:request|req)$/.test(owner.name)) || isRequest(owner)
}

function isRequest(expression: Expression): boolean {
  return expression.kind === 'read' && /^@?(?:request|req)$/.test(expression.variable.name)
}

function foldedName(field: string): string {
  return `HTTP_${field.toUpperCase().replaceAll('-', '_')}`
}

function fieldName(name: string): string {
  return name
    .slice(5)
    .toLowerCase()
    .split('_')
    .map((part) =>
      /^(?:ssl|tls|dn|cn)$/.test(part) ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1),
    )
    .join('-')
}
