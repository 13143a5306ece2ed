import { callsOf, constantOf, type FoundCall } from '../flow/calls-of.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

const answering = new Set([
  ...['verify', 'secure_compare', 'fixed_length_secure_compare', 'verify_certificate_identity', 'authenticate'],
  ...['valid_signature?', 'verify_signature?', 'signature_valid?', 'valid_token?', 'valid_hmac?', 'authorized?'],
])

export const verificationResultUnused: Rule = {
  id: 'verification-result-unused',
  about: 'program',
  title: 'Nobody looks at what a verification has found',
  severity: 'high',
  cwe: 252,
  explanation: `A call that answers whether a signature, a token or a certificate is good is made, and its answer is thrown away: the request is
served all the same. \`OpenSSL::PKey#verify\`, \`OpenSSL::X509::Certificate#verify\` and \`secure_compare\` answer \`false\`; they do not
raise.

**Fix.** Refuse where the answer is no: \`halt 401 unless key.verify('SHA256', signature, data)\`.`,
  examples: {
    bad: [
      "require 'sinatra'\npost '/hook' do\n  Rack::Utils.secure_compare(ENV['HOOK_TOKEN'], params[:token].to_s)\n  'ok'\nend",
      "require 'openssl'\ndef accept(key, signature, data)\n  key.verify(OpenSSL::Digest.new('SHA256'), signature, data)\n  process(data)\nend",
      "require 'sinatra'\nhelpers do\n  def valid_signature?(body)\n    Rack::Utils.secure_compare(ENV['HOOK_TOKEN'], body)\n  end\nend\npost '/hook' do\n  valid_signature?(request.body.read)\n  'ok'\nend",
      "require 'openssl'\nclass Peer\n  def check(certificate, authority)\n    certificate.verify(authority.public_key)\n    @name = certificate.subject\n  end\nend",
    ],
    good: [
      "require 'sinatra'\npost '/hook' do\n  halt 401 unless Rack::Utils.secure_compare(ENV['HOOK_TOKEN'], params[:token].to_s)\n  'ok'\nend",
      "require 'openssl'\ndef good?(key, signature, data)\n  key.verify(OpenSSL::Digest.new('SHA256'), signature, data)\nend",
      'def accept(order)\n  order.verify\n  ship(order)\nend',
      "require 'openssl'\ndef accept(key, signature, data)\n  raise 'bad' unless key.verify('SHA256', signature, data)\n  process(data)\nend",
    ],
  },
  *check({ program }) {
    for (const found of callsOf(program, answering)) {
      const { call, source, enclosing } = found
      if (!isThrownAway(found) || !answersOnly(found)) continue
      const own = call.receiver ? undefined : program.only(call.name)
      // A function of the program may refuse by itself; its name says when it only answers.
      if (!call.receiver && (!own || !call.name.endsWith('?'))) continue
      yield {
        file: source,
        start: call.start,
        end: call.end,
        confidence: 'firm',
        message: `${call.name} answers whether it is good, and nobody looks at the answer.`,
        fix: 'Refuse where the answer is no.',
        correction: `raise SecurityError, 'not verified' unless ${source.quote(call.start, call.end)}`,
        identity: [call.name, String(enclosing.filter(({ kind }) => kind === 'define').length)],
      }
    }
  },
}

/** A statement that others follow. */
function isThrownAway({ call, enclosing }: FoundCall): boolean {
  const around = enclosing.at(-1)
  return around?.kind === 'sequence' && around.body.includes(call) && around.body.at(-1) !== call
}

/** Whether the call is one that answers and does not raise. */
function answersOnly({ call }: FoundCall): boolean {
  const { name, receiver, args } = call
  if (name.endsWith('compare'))
    return /^(?:Rack::Utils|ActiveSupport::SecurityUtils|OpenSSL|Utils)$/.test(constantOf(receiver) ?? '')
  if (name === 'verify_certificate_identity') return constantOf(receiver) === 'OpenSSL::SSL'
  if (name === 'verify') return receiver !== undefined && constantOf(receiver) === undefined && isOfKey(receiver, args)
  return name.endsWith('?')
}

/** `key.verify(digest, signature, data)`, `certificate.verify(authority.public_key)`. */
function isOfKey(receiver: Expression, args: readonly Expression[]): boolean {
  const name = receiver.kind === 'read' ? receiver.variable.name : receiver.kind === 'call' ? receiver.name : ''
  if (args.length === 3) return /key|pkey|rsa|ecdsa|ec$|dsa/i.test(name)
  const [only] = args
  return args.length === 1 && /cert|crl|csr|ocsp/i.test(name) && only?.kind === 'call' && only.name === 'public_key'
}
