import { callAt } from '../flow/call-at.ts'
import { callsOf } from '../flow/calls-of.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import { type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'
import { sessionSecretOf, sessionSettingCalls } from '../session-secret.ts'
import { lastName } from '../survey.ts'

const sent = 'is sent to another host'

export const hmacKeyReused: Rule = {
  id: 'hmac-key-reused',
  about: 'program',
  title: 'One key has two purposes',
  severity: 'medium',
  cwe: 323,
  explanation: `The same key signs what has nothing to do with each other (webhooks and links, sessions and tokens), signs and encrypts, or signs
and is sent to another host besides.

What is signed for one purpose is then good for the other: a client that can choose a text that is signed for a download makes itself
a session. And whoever knows the key for one purpose, the upstream that it is sent to, can sign for all of them. It can be
replaced only everywhere at once.

Messages that begin with a text of their own (\`"download:#{path}"\`) are told apart, and so are keys that are derived:
\`OpenSSL::HMAC.digest('SHA256', key, 'downloads')\`.

**Fix.** A key for each purpose, or keys derived from one with HMAC or HKDF and the purpose's name.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'openssl'\nenable :sessions\nset :session_secret, ENV.fetch('APP_SECRET')\nhelpers do\n  def sign(path) = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('APP_SECRET'), path)\nend\nget('/link') { sign('/files/1') + sign(request.path) }",
      "require 'openssl'\nrequire 'jwt'\nSECRET = ENV.fetch('SIGNING_SECRET')\ndef token(user) = JWT.encode({ sub: user }, SECRET, 'HS256')\ndef signature(body) = OpenSSL::HMAC.hexdigest('SHA256', SECRET, body)",
      "require 'sinatra'\nrequire 'openssl'\nrequire 'net/http'\nget '/report' do\n  request = Net::HTTP::Get.new('/v1/report')\n  request['Authorization'] = \"Bearer #{ENV['LEDGER_API_KEY']}\"\n  Net::HTTP.start('ledger.example.com', 443, use_ssl: true, open_timeout: 2, read_timeout: 5) { |http| http.request(request) }\n  OpenSSL::HMAC.hexdigest('SHA256', ENV['LEDGER_API_KEY'], session[:user])\nend",
      "require 'sinatra'\nrequire 'openssl'\nhelpers do\n  def digest(text) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SHARED_SECRET'], text)\n  def hook_signature = OpenSSL::HMAC.hexdigest('SHA256', ENV['SHARED_SECRET'], request.body.read)\n  def link(path) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SHARED_SECRET'], path)\nend\nget('/link') { link(request.path) }",
      "require 'openssl'\ndef seal(text)\n  cipher = OpenSSL::Cipher.new('aes-256-gcm').encrypt\n  cipher.key = ENV['STATE_KEY']\n  cipher.update(text) + cipher.final + OpenSSL::HMAC.digest('SHA256', ENV['STATE_KEY'], text)\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'openssl'\nenable :sessions\nset :session_secret, ENV.fetch('SESSION_SECRET')\nhelpers do\n  def sign(path) = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('LINK_SECRET'), path)\nend\nget('/link') { sign(request.path) }",
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA256', ENV['HOOK_SECRET'], body)\ndef good?(body, signature) = OpenSSL.secure_compare(OpenSSL::HMAC.hexdigest('SHA256', ENV['HOOK_SECRET'], body), signature)",
      "require 'openssl'\ndef link_key = OpenSSL::HMAC.digest('SHA256', ENV.fetch('MASTER_SECRET'), 'links')\ndef hook_key = OpenSSL::HMAC.digest('SHA256', ENV.fetch('MASTER_SECRET'), 'hooks')",
      "require 'openssl'\ndef link(path) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SHARED_SECRET'], \"link:#{path}\")\ndef hook(body) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SHARED_SECRET'], \"hook:#{body}\")",
      "require 'jwt'\ndef token(user) = JWT.encode({ sub: user }, ENV['TOKEN_SECRET'], 'HS256')\ndef user(token) = JWT.decode(token, ENV['TOKEN_SECRET'], true, algorithm: 'HS256').first['sub']",
    ],
  },
  *check({ program, flows }) {
    const purposes = new Map<string, Map<string, Flow | undefined>>()
    const note = (key: string, purpose: string, flow?: Flow) => {
      const known = purposes.get(key) ?? new Map<string, Flow | undefined>()
      if (!known.has(purpose)) known.set(purpose, flow)
      purposes.set(key, known)
    }
    for (const flow of flows) {
      if (flow.sink !== 'signing') continue
      const purpose = purposeOf(program, flow)
      if (purpose !== undefined)
        for (const { name, what } of keysOf(flow, 'itself')) if (what === 'key') note(name, purpose, flow)
    }
    if (purposes.size === 0) return
    for (const name of sessionKeys(program, flows)) if (purposes.has(name)) note(name, 'signs sessions')
    const compared = comparedIn(flows)
    for (const flow of flows) {
      if (flow.sink !== 'request') continue
      for (const { name } of keysOf(flow, 'itself')) if (signsOwn(purposes.get(name), compared)) note(name, sent)
    }
    for (const [name, known] of purposes) {
      const [first, ...others] = [...known].sort(([one], [other]) => Number(one === sent) - Number(other === sent))
      const flow = first?.[1]
      if (!flow || others.length === 0) continue
      // What a library of the program's own chooses between is not done both.
      const isSealed = [first, ...others].some(([purpose]) => purpose === 'encrypts')
      if (isSealed && others.some(([, other]) => other && other.file !== flow.file)) continue
      const also = others.map(([purpose]) => purpose).join(', and ')
      yield {
        ...flow,
        confidence: 'firm',
        message: `${name} ${first[0]} here${flow.context === '' ? '' : ` (${inContext(flow.context)})`}, and also ${also}.`,
        fix: `Give each purpose a key of its own, or derive one for each: OpenSSL::HMAC.digest('SHA256', ENV.fetch('${name}'), 'purpose').`,
        ...pathsOf(keysOf(flow, 'itself').filter((label) => label.name === name)),
        identity: [name],
      }
    }
  },
}

/** What the key is used for; undefined where another one is derived from it, or the message says what it is for. */
function purposeOf(program: Program, flow: Flow): string | undefined {
  const { args } = callAt(program, flow) ?? {}
  const message = flow.name.endsWith('digest') ? args?.[2] : undefined
  if (!message) return flow.says
  if (message.kind === 'text') return undefined
  const [start] = message.kind === 'join' ? message.parts : message.kind === 'call' ? [message.receiver] : []
  if (start?.kind === 'text' && /\w/.test(start.value)) return undefined
  if (readsBody(message)) return 'signs what was sent'
  return isNamed(message, /path|url|uri|link|(?:^|_)id$|email|user|account|expires|file/i)
    ? 'signs links or names'
    : flow.says
}

function readsBody(message: Expression): boolean {
  let does = isNamed(message, /^(?:raw_)?(?:body|payload|post)$/i)
  walk(message, (part) => {
    does ||= part.kind === 'call' && isNamed(part, /^(?:raw_)?(?:body|payload|post)$/i)
  })
  return does
}

function isNamed(expression: Expression, names: RegExp): boolean {
  if (expression.kind === 'read') return names.test(expression.variable.name)
  return expression.kind === 'call' && names.test(expression.name)
}

/** The contexts in which signatures are compared. */
function comparedIn(flows: readonly Flow[]): ReadonlySet<string> {
  return new Set(
    flows.flatMap(({ sink, labels, context }) =>
      sink === 'compare' && labels.some(({ what }) => what === 'signature') ? [context] : [],
    ),
  )
}

/** Whether what the key signs is the service's own: whoever is sent the key may sign what it sends with it. */
function signsOwn(known: ReadonlyMap<string, Flow | undefined> | undefined, compared: ReadonlySet<string>): boolean {
  if (!known) return false
  return [...known].some(
    ([purpose, flow]) => flow !== undefined && purpose !== 'signs what was sent' && !compared.has(flow.context),
  )
}

/** The names of keys that sessions are signed with, read there or kept in a constant that is. */
function sessionKeys(program: Program, flows: readonly Flow[]): ReadonlySet<string> {
  const names = new Set<string>()
  const kept = Map.groupBy(
    flows.filter(({ sink }) => sink === 'constant'),
    ({ name }) => lastName(name),
  )
  const asked = new Set<string>()
  for (const found of callsOf(program, sessionSettingCalls, ['secret', 'ession'])) {
    const value = sessionSecretOf(found)
    if (value)
      walk(value, (part) => {
        if (part.kind === 'text') names.add(part.value)
        if (part.kind !== 'read' || part.variable.scope !== 'constant' || asked.has(part.variable.name)) return
        asked.add(part.variable.name)
        for (const flow of kept.get(lastName(part.variable.name)) ?? [])
          if (flow.name === part.variable.name || flow.name.endsWith(`::${part.variable.name}`))
            for (const { name } of keysOf(flow, 'itself')) names.add(name)
      })
  }
  return names
}
