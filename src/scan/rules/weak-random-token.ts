import { callsOf, constantOf } from '../flow/calls-of.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

const guessable = new Set(['rand', 'random_number', 'bytes', 'sample', 'shuffle', 'hexdigest', 'new_seed'])
/** One of these is in every text that has such a call: `bytes` is Random’s, and what is digested the time. */
const guessableWords = ['rand', 'Random', 'sample', 'shuffle', 'Time']
const secretName =
  /(?:^|_)(?:tokens?|secrets?|passwords?|passwd|nonce|otp|csrf|salt|session_?id|api_?key|(?:access|reset|auth|signing|secret|encryption)_?(?:key|code)|pin)(?:$|_(?!(?:count|length|size|index|type|name|url|at|path)))/i

/** A part of every such name, anywhere in a text. */
const mentioned =
  /token|secret|passw|nonce|otp|csrf|salt|session_?id|(?:api|access|reset|auth|signing|encryption)_?(?:key|code)|pin/i

export const weakRandomToken: Rule = {
  id: 'weak-random-token',
  about: 'program',
  title: 'Secret is made by a generator that can be predicted',
  severity: 'high',
  cwe: 338,
  explanation: `A token, a password, a key or a session id is made by \`rand\`, \`Random\`, \`Array#sample\`, \`shuffle\` or of the time. Ruby's generator is a
Mersenne Twister: who has seen a few hundred outputs computes all that follow, and a time can be tried out.

**Fix.** \`SecureRandom.hex(32)\`, \`SecureRandom.urlsafe_base64(32)\`, \`SecureRandom.random_number(n)\`, or
\`sample(random: SecureRandom)\`.`,
  examples: {
    bad: [
      'def issue\n  token = rand(36**20).to_s(36)\n  token\nend',
      "CHARACTERS = [*'a'..'z'].freeze\ndef reset_token\n  Array.new(20) { CHARACTERS.sample }.join\nend",
      "require 'digest'\nclass Session\n  def initialize\n    @session_id = Digest::MD5.hexdigest(Time.now.to_s)\n  end\nend",
      'def api_key = (0...32).map { rand(65..90).chr }.join',
      'def login(user)\n  user[:otp] = Random.new.rand(100_000..999_999)\nend',
    ],
    good: [
      "require 'securerandom'\ndef issue\n  token = SecureRandom.hex(32)\n  token\nend",
      "CHARACTERS = [*'a'..'z'].freeze\ndef reset_token\n  Array.new(20) { CHARACTERS.sample(random: SecureRandom) }.join\nend",
      'def backoff = sleep(rand(1..5))',
      'def pick(servers)\n  server = servers.sample\n  server\nend',
      "MASKED_PASSWORD = '*' * rand(8..14)",
      "require 'securerandom'\ndef otp = SecureRandom.random_number(1_000_000)",
    ],
  },
  *check({ program }) {
    const told = new Set<Expression>()
    for (const { call, source, enclosing } of callsOf(program, guessable, guessableWords, mentioned)) {
      if (!isGuessable(call)) continue
      const target = secretTarget(enclosing, call)
      if (!target || told.has(target.at)) continue
      told.add(target.at)
      const { start, end } = target.value
      yield {
        file: source,
        start,
        end,
        confidence: 'firm',
        message: `${target.name} is made by ${call.name === 'hexdigest' ? 'a digest of something that can be guessed' : 'a generator whose outputs can be predicted'}.`,
        fix: 'Write: SecureRandom.hex(32)',
        correction: 'SecureRandom.hex(32)',
        identity: [target.name],
      }
    }
  },
}

function isGuessable({
  name,
  receiver,
  args,
}: {
  name: string
  receiver?: Expression
  args: readonly Expression[]
}): boolean {
  const of = constantOf(receiver)
  const isRandom =
    of === 'Random' || of === 'Kernel' || (receiver?.kind === 'call' && constantOf(receiver.receiver) === 'Random')
  switch (name) {
    case 'rand':
      return receiver === undefined || isRandom
    case 'random_number':
    case 'bytes':
    case 'new_seed':
      return isRandom
    case 'sample':
    case 'shuffle':
      return receiver !== undefined && !args.some(({ kind }) => kind === 'table')
    case 'hexdigest':
      return /Digest/.test(of ?? '') && args.length === 1 && isTime(args[0])
    default:
      return false
  }
}

/** The time, or a text that holds nothing else that is not known. */
function isTime(expression: Expression | undefined): boolean {
  if (expression?.kind === 'join') {
    const open = expression.parts.filter(({ kind }) => kind !== 'text')
    return open.length > 0 && open.every(isTime)
  }
  if (expression?.kind !== 'call') return false
  if (expression.name === 'now') return /^(?:Time|DateTime)$/.test(constantOf(expression.receiver) ?? '')
  return (
    ['to_s', 'to_i', 'to_f', 'iso8601', 'strftime', 'usec', 'nsec'].includes(expression.name) &&
    isTime(expression.receiver)
  )
}

/** What is given a secret's name: a variable, an entry, a function whose value it is. */
function secretTarget(
  enclosing: readonly Expression[],
  call: Expression,
): { readonly name: string; readonly at: Expression; readonly value: Expression } | undefined {
  for (let index = enclosing.length - 1; index >= 0; index--) {
    const around = enclosing[index]
    const within = enclosing[index + 1] ?? call
    if (!around) return undefined
    if (around.kind === 'write') return named(around.variable.name, around, around.value)
    if (around.kind === 'call' && around.name === '[]=' && around.args.at(-1) === within) {
      const [key] = around.args
      return key?.kind === 'text' ? named(key.value, around, within) : undefined
    }
    if (around.kind === 'call' && around.name.endsWith('=') && around.args[0] === within)
      return named(around.name.slice(0, -1), around, within)
    if (around.kind === 'table') {
      const entry = around.entries.find(({ value }) => value === within)
      return entry?.key?.kind === 'text' ? named(entry.key.value, within, within) : undefined
    }
    if (around.kind === 'define') {
      const { body } = around.closure
      const last = body.kind === 'sequence' ? body.body.at(-1) : body
      return last && last.start <= call.start && call.end <= last.end ? named(around.name, around, last) : undefined
    }
    // `'*' * rand(9)`: only how many.
    if (around.kind === 'call' && around.receiver?.kind === 'text' && around.args.includes(within)) return undefined
    if (around.kind === 'branch' && around.tests.includes(within)) return undefined
    if (around.kind === 'scope') return undefined
  }
  return undefined
}

function named(name: string, at: Expression, value: Expression): ReturnType<typeof secretTarget> {
  return secretName.test(name.replace(/^@+|[?!]$/g, '')) ? { name, at, value } : undefined
}
