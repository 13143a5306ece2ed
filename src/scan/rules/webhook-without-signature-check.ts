import type { Program } from '../flow/program.ts'
import { type Call, type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'
import { ownerOf } from '../survey.ts'

const reading = new Set(['body', 'params', 'raw_post', 'POST', 'payload'])
/** Words of code that finds out who has sent a request. */
const checking =
  /signature|hmac|secure_compare|construct_event|verif|authenti|authori|validat|protected!|peer_?cert|client_(?:verify|cert)|x_?-?hub|api_?key|_token|\[:token\]|secret|jwt|trusted|allowed_ip|require_|ensure_|\bip\b/i
const callsDeepMax = 4
const methodsMax = 64

export const webhookWithoutSignatureCheck: Rule = {
  id: 'webhook-without-signature-check',
  about: 'program',
  title: 'A webhook believes whoever calls it',
  severity: 'medium',
  cwe: 345,
  explanation: `A route whose path says that it is a webhook reads what is sent to it, and nothing on the way (the route, what it calls, a filter, a
middleware) looks at a signature, a token or a certificate of the sender. The address of a webhook is no secret: whoever knows it
sends "paid", "deployed" or "verified".

**Fix.** Compute the signature of the body with the webhook's secret and compare it in constant time with the one that was sent:
\`expected = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('WEBHOOK_SECRET'), request.body.read)\`,
\`halt 401 unless Rack::Utils.secure_compare(expected, request.env['HTTP_X_SIGNATURE'].to_s)\`. Libraries of senders have a call for
it, as \`Stripe::Webhook.construct_event\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'json'\npost '/webhook' do\n  event = JSON.parse(request.body.read)\n  mark_paid(event['order'])\n  204\nend",
      "require 'sinatra/base'\nclass Hooks < Sinatra::Base\n  post '/hooks/deploy' do\n    Deploy.start(params[:revision])\n    'ok'\n  end\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  helpers do\n    def accept(payload)\n      Order.find(payload['id']).close\n    end\n  end\n  post('/stripe/webhooks') { accept(JSON.parse(request.body.read)) }\nend",
      "require 'grape'\nclass API < Grape::API\n  post '/web-hook' do\n    Order.close(params[:id])\n    { ok: true }\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'openssl'\npost '/webhook' do\n  body = request.body.read\n  expected = OpenSSL::HMAC.hexdigest('SHA256', ENV['WEBHOOK_SECRET'], body)\n  halt 401 unless Rack::Utils.secure_compare(expected, request.env['HTTP_X_SIGNATURE'].to_s)\n  204\nend",
      "require 'sinatra'\nbefore { halt 401 unless signature_good? }\npost('/webhook') { accept(request.body.read) }",
      "require 'sinatra'\nrequire 'stripe'\npost '/webhook' do\n  Stripe::Webhook.construct_event(request.body.read, request.env['HTTP_STRIPE_SIGNATURE'], ENV['STRIPE_WEBHOOK_SECRET'])\n  204\nend",
      "require 'sinatra'\nget('/webhooks') { 'documentation' }\npost('/orders') { accept(request.body.read) }",
      "require 'sinatra/base'\nrequire_relative 'hook_auth'\nclass App < Sinatra::Base\n  use HookAuth\n  post('/webhook') { accept(request.body.read) }\nend",
    ],
  },
  *check({ program }) {
    const words = program.frameworks.flatMap(({ routes }) => routes)
    let guarded: boolean | undefined
    for (const { source, form } of program.codeMentioning(words, ['hook'])) {
      for (const { route, path } of hooksIn(program, form)) {
        if (checks(program, source, route)) continue
        guarded ??= isGuarded(program)
        if (guarded) return
        yield {
          file: source,
          start: route.start,
          end: route.args.at(-1)?.end ?? route.end,
          confidence: 'firm',
          message: `${route.name.toUpperCase()} ${path} believes whoever calls it: nothing looks at who has sent the request.`,
          fix: 'Compute the signature of the body with the webhook’s secret, and compare it in constant time with the one that was sent.',
          identity: [path],
        }
      }
    }
  },
}

/** Routes that change something and are called a webhook. */
function hooksIn(program: Program, form: Expression): readonly { readonly route: Call; readonly path: string }[] {
  const found: { readonly route: Call; readonly path: string }[] = []
  walk(form, (expression, enclosing) => {
    if (expression.kind !== 'call' || expression.receiver || !expression.block) return
    if (expression.name !== 'post') return
    const [path] = expression.args
    if (path?.kind !== 'text' || !isHook(path.value)) return
    const framework = program.frameworkOf(ownerOf(enclosing))
    if (framework?.routes.includes(expression.name) && readsRequest(expression.block))
      found.push({ route: expression, path: path.value })
  })
  return found
}

/** `/webhook`, `/stripe/webhooks`, `/hooks/deploy`; `POST /hooks` makes one more hook, and is none. */
function isHook(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '' && !/^(?:api|v\d+)$/.test(part))
  return parts.some(
    (part) =>
      /(?:^|[_-])(?:web_?-?)?hook(?:$|[_-])/i.test(part) || (parts.length > 1 && /^(?:web_?-?)?hooks$/i.test(part)),
  )
}

function readsRequest(block: Expression): boolean {
  let reads = false
  walk(block, (part) => {
    reads ||= part.kind === 'call' && reading.has(part.name)
  })
  return reads
}

/** Whether the route, or what it calls, has a word of a check. */
function checks(program: Program, source: SourceFile, route: Call): boolean {
  const seen = new Set<number>()
  const look = (file: SourceFile, part: Expression, depth: number): boolean => {
    if (checking.test(file.text.slice(part.start, part.end))) return true
    if (depth >= callsDeepMax) return false
    const called = new Set<string>()
    walk(part, (inner) => {
      if (inner.kind === 'call') called.add(inner.name)
    })
    for (const name of called)
      for (const method of program.named(name)) {
        if (seen.has(method.id) || seen.size >= methodsMax) continue
        seen.add(method.id)
        const [text, body] = [method.file.source(), closureOf(method.file.form(), method.start)]
        if (text && body && look(text, body, depth + 1)) return true
      }
    return false
  }
  return look(source, route, 0)
}

function closureOf(form: Expression | undefined, start: number): Expression | undefined {
  let found: Expression | undefined
  if (form)
    walk(form, (part) => {
      if (part.kind === 'closure' && part.start === start) found = part
    })
  return found
}

/** Whether a filter or a middleware of the program looks at who has sent a request. */
function isGuarded(program: Program): boolean {
  for (const { filters, uses } of program.frameworks)
    for (const { source, form } of program.codeMentioning([...filters, ...uses])) {
      let guards = false
      walk(form, (part) => {
        if (part.kind !== 'call' || part.receiver || ![...filters, ...uses].includes(part.name)) return
        const [first] = part.args
        // Middleware of somebody else may check anything; what is known to check nothing is Rack's own.
        guards ||= checking.test(source.text.slice(part.start, part.end))
        guards ||= filters.includes(part.name) && part.block !== undefined && checks(program, source, part)
        guards ||=
          uses.includes(part.name) &&
          first?.kind === 'read' &&
          /auth|sign|hook|guard|protect|tls|client/i.test(first.variable.name)
      })
      if (guards) return true
    }
  return false
}
