import { callAt } from '../flow/call-at.ts'
import { callsOf, constantOf } from '../flow/calls-of.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

const digesting = new Set(['hexdigest', 'digest', 'base64digest'])
const keyBytesMin = 16

export const weakHmac: Rule = {
  id: 'weak-hmac',
  about: 'program',
  title: 'Signature that can be made without the key',
  severity: 'medium',
  cwe: 328,
  explanation: `What is meant to show that its sender has a key is no message authentication code: a digest of key and message put one behind the
other (whoever has seen one signature of \`SHA256(key + message)\` can sign longer messages without the key), an HMAC over MD5, or an
HMAC with a key that is short or written in the source.

**Fix.** \`OpenSSL::HMAC.hexdigest('SHA256', key, message)\` with a random key of 32 bytes that is given to the service.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'digest'\nget('/sign') { Digest::SHA256.hexdigest(ENV['SIGNING_SECRET'] + params[:message]) }",
      "require 'digest'\nclass Links\n  def token(path)\n    Digest::MD5.hexdigest(\"#{ENV['LINK_SECRET']}#{path}\")\n  end\nend",
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('MD5', ENV['SIGNING_SECRET'], body)",
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA256', 'hush', body)",
      "require 'openssl'\ndef sign(body)\n  OpenSSL::HMAC.digest(OpenSSL::Digest.new('md5'), ENV.fetch('SIGNING_SECRET'), body)\nend",
    ],
    good: [
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SIGNING_SECRET'], body)",
      "require 'digest'\ndef key_id = Digest::SHA256.hexdigest(ENV['API_KEY'])[0, 8]",
      "require 'digest'\ndef checksum(path) = Digest::MD5.file(path).hexdigest",
      'require \'digest\'\ndef etag(body) = Digest::MD5.hexdigest("v1:#{body}")',
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      const keys = flow.sink === 'digest' ? keysOf(flow, 'itself') : []
      const call = keys.length > 0 ? callAt(program, flow) : undefined
      const [first, key] = call?.args ?? []
      if (!call || !first) continue
      const isCode = constantOf(call.receiver) === 'OpenSSL::HMAC'
      if (isCode ? !namesOld(first) : !isPutTogether(first)) continue
      const { file, start, end } = flow
      yield {
        ...flow,
        confidence: 'firm',
        ...(isCode ? { severity: 'low' as const } : {}),
        message: isCode
          ? `${inContext(flow.context)} signs with ${keyNames(keys)} over MD5.`
          : `${inContext(flow.context)} signs with a digest of ${keyNames(keys)} and the message, one behind the other.`,
        fix: `Write: OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('${keys[0]?.name ?? 'KEY'}'), message)`,
        ...(isCode && key
          ? { correction: `${file.quote(start, first.start)}'SHA256'${file.quote(first.end, end)}` }
          : {}),
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys)],
      }
    }
    for (const { call, source } of callsOf(program, digesting, ['HMAC'])) {
      const [algorithm, key] = call.args
      if (constantOf(call.receiver) !== 'OpenSSL::HMAC' || !algorithm || key?.kind !== 'text') continue
      if (Buffer.byteLength(key.value) >= keyBytesMin) continue
      yield {
        file: source,
        start: call.start,
        end: call.end,
        message: `The key of an HMAC is written in the source, and has fewer than ${keyBytesMin} bytes.`,
        fix: "Use SHA256 and a random key of 32 bytes that is given to the service: ENV.fetch('SIGNING_KEY').",
        correction: `${source.quote(call.start, key.start)}ENV.fetch('SIGNING_KEY')${source.quote(key.end, call.end)}`,
        identity: ['short key'],
      }
    }
  },
}

/** At least two parts that are not written in the program: the key, and what is signed. */
function isPutTogether(expression: Expression | undefined): boolean {
  if (expression?.kind === 'join') return expression.parts.filter(({ kind }) => kind !== 'text').length > 1
  if (expression?.kind !== 'call') return false
  return expression.name === '+' || (expression.name === 'join' && expression.receiver?.kind === 'list')
}

function namesOld(algorithm: Expression): boolean {
  if (algorithm.kind === 'text') return /^md[45]$/i.test(algorithm.value)
  if (algorithm.kind !== 'call') return false
  return /Digest::MD5$/i.test(constantOf(algorithm.receiver) ?? '') || algorithm.args.some(namesOld)
}
