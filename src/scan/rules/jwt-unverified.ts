import { callsOf, constantOf, type FoundCall, optionOf } from '../flow/calls-of.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

const decoding = new Set(['decode', 'encode'])

export const jwtUnverified: Rule = {
  id: 'jwt-unverified',
  about: 'program',
  title: 'Token is believed without its signature being verified',
  severity: 'high',
  cwe: 347,
  explanation: `A JSON Web Token is decoded with verification off (\`JWT.decode(token, nil, false)\`), or with the algorithm \`none\` allowed: anybody
writes any claims into it. The same code that reads a \`kid\` from an unverified token before it verifies the token is not meant.

**Fix.** \`JWT.decode(token, key, true, algorithm: 'HS256')\` with the one algorithm that is expected, and rescue
\`JWT::DecodeError\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'jwt'\nget('/me') { JWT.decode(params[:token], nil, false).first['user'] }",
      "require 'jwt'\nclass Session\n  def self.user(token)\n    payload, _head = JWT.decode(token, ENV['JWT_SECRET'], false)\n    payload['sub']\n  end\nend",
      "require 'jwt'\ndef claims(token) = JWT.decode(token, nil, true, algorithm: 'none')",
      "require 'jwt'\ndef claims(token) = JWT.decode(token, ENV['JWT_SECRET'], true, { algorithms: ['HS256', 'none'] })",
      "require 'jwt'\ndef issue(user) = JWT.encode({ sub: user }, nil, 'none')",
    ],
    good: [
      "require 'jwt'\ndef claims(access_token) = JWT.decode(access_token.params['id_token'], nil, false).first",
      "require 'jwt'\ndef claims(token) = JWT.decode(token, ENV['JWT_SECRET'], true, algorithm: 'HS256')",
      "require 'jwt'\ndef claims(token)\n  head = JWT.decode(token, nil, false).last\n  JWT.decode(token, KEYS.fetch(head['kid']), true, algorithms: ['RS256'])\nend",
      "require 'jwt'\ndef issue(user) = JWT.encode({ sub: user }, ENV['JWT_SECRET'], 'HS256')",
      "require 'base64'\ndef read(text) = Base64.decode64(text)",
    ],
  },
  *check({ program }) {
    const calls = callsOf(program, decoding, ['JWT']).filter(({ call }) => constantOf(call.receiver) === 'JWT')
    for (const found of calls) {
      const { call, source } = found
      const isUnverified = call.name === 'decode' && isFalse(call.args[2]) && !isFetched(call.args[0])
      const allowsNone = namesNone(optionOf(call, 'algorithm')) || namesNone(optionOf(call, 'algorithms'))
      const signsNone = call.name === 'encode' && namesNone(call.args[2])
      if (!isUnverified && !allowsNone && !signsNone) continue
      if (isUnverified && calls.some((other) => other !== found && verifiesBeside(other, found))) continue
      const [token, key] = call.args
      const quoted = token ? source.quote(token.start, token.end) : 'token'
      const keyText = key && key.kind !== 'constant' ? source.quote(key.start, key.end) : "ENV.fetch('JWT_SECRET')"
      yield {
        file: source,
        start: call.start,
        end: call.end,
        ...(signsNone ? { severity: 'medium' as const } : {}),
        message: isUnverified
          ? 'A token is decoded without its signature being verified: its claims are whatever a client writes.'
          : signsNone
            ? 'A token is made without a signature: anybody can make another.'
            : 'A token is accepted with the algorithm none, which has no signature.',
        fix: 'Verify it with a key and the one algorithm that is expected.',
        correction: signsNone
          ? `JWT.encode(${quoted}, ${keyText}, 'HS256')`
          : `JWT.decode(${quoted}, ${keyText}, true, algorithm: 'HS256')`,
        identity: [isUnverified ? 'unverified' : 'none'],
      }
    }
  },
}

/** A part of what an issuer has answered (\`access_token.params['id_token']\`): the connection to it says whose it is. */
function isFetched(token: Expression | undefined): boolean {
  if (token?.kind !== 'call' || !token.receiver) return false
  const { receiver } = token
  const name = receiver.kind === 'read' ? receiver.variable.name : receiver.kind === 'call' ? receiver.name : ''
  return /^@?(?:oauth_?\d?_)?(?:access_token|token_response|token_set)$/.test(name) || isFetched(receiver)
}

function isFalse(expression: Expression | undefined): boolean {
  return expression?.kind === 'constant' && expression.value === false
}

function namesNone(expression: Expression | undefined): boolean {
  if (expression?.kind === 'list') return expression.items.some(namesNone)
  return expression?.kind === 'text' && expression.value.toLowerCase() === 'none'
}

/** Whether the same function verifies a token as well. */
function verifiesBeside(other: FoundCall, found: FoundCall): boolean {
  if (other.source !== found.source || other.call.name !== 'decode' || isFalse(other.call.args[2])) return false
  const own = functionOf(found)
  return own !== undefined && own === functionOf(other)
}

function functionOf({ enclosing }: FoundCall): Expression | undefined {
  return enclosing.findLast(({ kind }) => kind === 'define') ?? enclosing.findLast(({ kind }) => kind === 'closure')
}
