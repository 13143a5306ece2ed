import { callAt } from '../flow/call-at.ts'
import { callsOf, constantOf } from '../flow/calls-of.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import { type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'
import { lastName } from '../survey.ts'

const digesting = new Set(['hexdigest', 'digest', 'base64digest'])
const keyBytesMin = 16
/** A field in which a sender says its signature, or a standard that says SHA-1. */
const senderChooses = /x[_-][a-z_-]*signature|h?otp|oauth/i

export const weakHmac: Rule = {
  id: 'weak-hmac',
  about: 'program',
  title: 'Signature that can be made without the key',
  severity: 'medium',
  cwe: 328,
  explanation: `What is meant to show that its sender has a key is no message authentication code: a digest of key and message put one behind the
other (whoever has seen one signature of \`SHA256(key + message)\` can sign longer messages without the key), an HMAC over MD5 or SHA-1,
or an HMAC with a key that is written in the source: a short one, or one for where the variable is not set.

No forgery of an HMAC over SHA-1 is known; it is told, at low confidence, because libraries and audits take it away. Where the sender
of a webhook chose it (the program reads a field with a signature), it is not told.

**Fix.** \`OpenSSL::HMAC.hexdigest('SHA256', key, message)\` with a random key of 32 bytes that is given to the service.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'digest'\nget('/sign') { Digest::SHA256.hexdigest(ENV['SIGNING_SECRET'] + params[:message]) }",
      "require 'digest'\nclass Links\n  def token(path)\n    Digest::MD5.hexdigest(\"#{ENV['LINK_SECRET']}#{path}\")\n  end\nend",
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('MD5', ENV['SIGNING_SECRET'], body)",
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA256', 'hush', body)",
      "require 'openssl'\ndef sign(body)\n  OpenSSL::HMAC.digest(OpenSSL::Digest.new('md5'), ENV.fetch('SIGNING_SECRET'), body)\nend",
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA1', ENV['SIGNING_SECRET'], body)",
      "require 'openssl'\ndef sign(body)\n  code = OpenSSL::HMAC.new(ENV.fetch('SIGNING_SECRET'), OpenSSL::Digest::MD5.new)\n  code << body\n  code.hexdigest\nend",
      "require 'openssl'\nSALT = 'pepper'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA256', SALT, body)",
      "require 'openssl'\ndef sign(text) = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('SIGNING_KEY', ''), text)",
      "require 'openssl'\ndef sign(text) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SIGNING_KEY'] || 'development', text)",
    ],
    good: [
      "require 'openssl'\ndef sign(body) = OpenSSL::HMAC.hexdigest('SHA256', ENV['SIGNING_SECRET'], body)",
      "require 'digest'\ndef key_id = Digest::SHA256.hexdigest(ENV['API_KEY'])[0, 8]",
      "require 'digest'\ndef checksum(path) = Digest::MD5.file(path).hexdigest",
      "require 'sinatra'\nrequire 'openssl'\npost '/hook' do\n  expected = 'sha1=' + OpenSSL::HMAC.hexdigest('SHA1', ENV['HOOK_SECRET'], request.body.read)\n  halt 401 unless Rack::Utils.secure_compare(expected, env['HTTP_X_HUB_SIGNATURE'].to_s)\n  204\nend",
      'require \'digest\'\ndef etag(body) = Digest::MD5.hexdigest("v1:#{body}")',
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      const keys = flow.sink === 'digest' ? keysOf(flow, 'itself') : []
      const call = keys.length > 0 ? callAt(program, flow) : undefined
      if (!call) continue
      const isCode = constantOf(call.receiver) === 'OpenSSL::HMAC'
      // `OpenSSL::HMAC.new(key, digest)`
      const [first, key] = isCode && call.name === 'new' ? [call.args[1]] : call.args
      if (!first) continue
      const old = isCode ? oldDigest(first) : undefined
      if (isCode ? old === undefined : !isPutTogether(first)) continue
      const { file, start, end } = flow
      if (old === 'SHA-1' && senderChooses.test(file.text)) continue
      yield {
        ...flow,
        confidence: old === 'SHA-1' ? 'tentative' : 'firm',
        ...(isCode ? { severity: 'low' as const } : {}),
        message: isCode
          ? `${inContext(flow.context)} signs with ${keyNames(keys)} over ${old}.`
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
      if (constantOf(call.receiver) !== 'OpenSSL::HMAC' || !algorithm || !key) continue
      const fallback = fallbackOf(key)
      if (fallback) {
        yield {
          file: source,
          start: fallback.at.start,
          end: fallback.at.end,
          confidence: 'firm',
          message: 'Where the variable is not set, this HMAC is signed with a key that is written in the source.',
          fix: 'Fail where the key is not set: ENV.fetch with its name and nothing else.',
          correction: fallback.without(source),
          identity: ['fallback key'],
        }
        continue
      }
      const written = writtenIn(program, key)
      if (written === undefined || Buffer.byteLength(written) >= keyBytesMin) continue
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

interface Fallback {
  readonly at: Expression
  /** The key without it. */
  without(source: SourceFile): string
}

/** A text that stands in for a variable that is not set: `ENV.fetch('KEY', '…')`, `ENV['KEY'] || '…'`. */
function fallbackOf(key: Expression): Fallback | undefined {
  const isAlternative = key.kind === 'branch' && key.tests.length === 0 && key.arms.length === 2
  const [read, other] = isAlternative ? key.arms : key.kind === 'call' && key.name === 'fetch' ? [key, key.args[1]] : []
  if (read?.kind !== 'call' || other?.kind !== 'text' || constantOf(read.receiver) !== 'ENV') return undefined
  const [name] = read.args
  return name?.kind === 'text'
    ? { at: key, without: (source) => `ENV.fetch(${source.quote(name.start, name.end)})` }
    : undefined
}

/** The text that a key is, or that the only constant of its name is. */
function writtenIn(program: Program, key: Expression): string | undefined {
  if (key.kind === 'text') return key.value
  const name = constantOf(key)
  if (name === undefined) return undefined
  const values: Expression[] = []
  for (const { form } of program.codeMentioning([name]))
    walk(form, (part) => {
      if (
        part.kind === 'write' &&
        part.variable.scope === 'constant' &&
        lastName(part.variable.name) === lastName(name)
      )
        values.push(part.value)
    })
  const [value] = values
  const text = value?.kind === 'call' && value.name === 'freeze' ? value.receiver : value
  return values.length === 1 && text?.kind === 'text' ? text.value : undefined
}

/** At least two parts that are not written in the program: the key, and what is signed. */
function isPutTogether(expression: Expression | undefined): boolean {
  if (expression?.kind === 'join') return expression.parts.filter(({ kind }) => kind !== 'text').length > 1
  if (expression?.kind !== 'call') return false
  return expression.name === '+' || (expression.name === 'join' && expression.receiver?.kind === 'list')
}

/** A digest that is not chosen any more; undefined for others. */
function oldDigest(algorithm: Expression): 'MD5' | 'SHA-1' | undefined {
  if (algorithm.kind === 'text')
    return /^md[45]$/i.test(algorithm.value) ? 'MD5' : /^sha-?1$/i.test(algorithm.value) ? 'SHA-1' : undefined
  const name = constantOf(algorithm.kind === 'call' ? algorithm.receiver : algorithm) ?? ''
  if (/Digest::MD5$/i.test(name)) return 'MD5'
  if (/Digest::SHA1$/i.test(name)) return 'SHA-1'
  return algorithm.kind === 'call' ? algorithm.args.map(oldDigest).find((old) => old !== undefined) : undefined
}
