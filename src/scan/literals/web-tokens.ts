import { base64UrlBytes, byteSet, skip } from './byte-set.ts'
import { isPretended } from './pretended.ts'
import type { Detector, Search } from './search.ts'
import { startsAlone } from './shaped-keys.ts'
import { isMadeOfStandIns } from './stand-in-words.ts'

const compactBytes = byteSet('_-.', ['0', '9'], ['A', 'Z'], ['a', 'z'])
const tokenBytesMax = 8_192

/** JSON Web Tokens with a signature (RFC 7519, compact), by what their two parts of JSON say. */
export const webTokens: Detector = {
  words: ['eyJ'],
  readsBinary: false,
  begin(search) {
    let behind = 0
    return (start, end) => {
      const { bytes } = search
      if (start < behind || bytes[start] !== 0x65 || bytes[start + 2] !== 0x4a || !startsAlone(bytes, start)) return
      const headerEnd = skip(bytes, base64UrlBytes, end, start + tokenBytesMax)
      if (bytes[headerEnd] !== 0x2e || bytes[headerEnd + 1] !== 0x65) return
      behind = skip(bytes, compactBytes, headerEnd, start + tokenBytesMax)
      lookAt(search, bytes.toString('latin1', start, behind).replace(/[.-]+$/, ''), start)
    }
  },
}

function lookAt(search: Search, token: string, start: number): void {
  const parts = token.split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3 || signature.length < 20) return
  const head = objectIn(header)
  const claims = objectIn(payload)
  if (typeof head?.alg !== 'string' || !claims) return
  if (!search.isLenient && isWorthless(search, head.alg, claims, signature)) return
  const { isTest, isExample, isDocumentation } = search.setting
  const isAside = isTest || isExample || isDocumentation
  search.report({
    rule: 'jwt-in-source',
    title: 'JSON Web Token',
    start,
    end: start + token.length,
    secret: token,
    severity: isAside ? 'low' : claims.role === 'service_role' ? 'critical' : 'high',
    confidence: isAside || claims.exp === undefined ? 'tentative' : 'firm',
  })
}

/** Expired, unsigned, made for everybody, or one of jwt.io's. */
function isWorthless(
  search: Search,
  algorithm: string,
  claims: Readonly<Record<string, unknown>>,
  signature: string,
): boolean {
  const { exp, sub, name, role } = claims
  if (/^none$/i.test(algorithm) || (typeof exp === 'number' && exp * 1_000 < search.now)) return true
  if (sub === '1234567890' || name === 'John Doe' || role === 'anon') return true
  const said = Object.values(claims)
  if (said.every((value) => typeof value === 'string' && isMadeOfStandIns(value))) return true
  return isPretended(signature) || /example\.(?:com|org|net)/.test(JSON.stringify(claims))
}

function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
