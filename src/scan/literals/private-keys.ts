import { isPretended } from './pretended.ts'
import type { Candidate, Detector, Search } from './search.ts'

/** From the first dash to the last: RSA keys of 16,384 bits take 13 KB. */
const blockBytesMax = 20_000
const bodyCharactersMin = 60

/** Private keys in PEM (RFC 7468), OpenPGP, PuTTY's and age's files and as JWK; and keys in the fields of certificates. */
export const privateKeys: Detector = {
  words: ['-----begin ', 'putty-user-key-file-', 'age-secret-key-1', '"kty"'],
  readsBinary: true,
  begin: (search) => (start, end, word) => {
    if (word === '-----begin ') armoured(search, start)
    else if (word === '"kty"') jwk(search, start)
    else if (word === 'age-secret-key-1') age(search, start)
    else putty(search, end)
  },
}

function armoured(search: Search, start: number): void {
  const head = search.bytes.toString('latin1', start, start + 60)
  const label = /^-----BEGIN ((?:[A-Z0-9]{1,10} ){0,3}(?:PRIVATE KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST)?))-----/.exec(
    head,
  )?.[1]
  if (label === undefined) return
  const behind = start + label.length + 16
  const closing = search.bytes.subarray(behind, behind + blockBytesMax).indexOf(`-----END ${label}-----`)
  if (closing === -1) return
  const content = search.bytes.toString('latin1', behind, behind + closing)
  const end = behind + closing + label.length + 14
  if (label.includes('CERTIFICATE')) certificate(search, content, start, end)
  else privateKey(search, label, content, start, end)
}

/** What is left of a PEM body without line ends, escaped ones, quotes and the signs that join lines. */
function bodyOf(content: string): string {
  return content
    .replace(/^(?:\\[rn]|\s|["'+,])*(?:[A-Z][A-Za-z-]{1,20}: [^\n\\]{0,200}(?:\\n|\n|\r)+)*/, '')
    .replace(/\\[rnt]|[\s"'`+.,;\\>|*#/-]{2,}|["'`\s\\]/g, '')
}

function privateKey(search: Search, label: string, content: string, start: number, end: number): void {
  const body = bodyOf(content)
  if (body.length < bodyCharactersMin || !/^[0-9A-Za-z+/=:-]+$/.test(body) || (isPretended(body) && !search.isLenient))
    return
  const isEncrypted =
    label.startsWith('ENCRYPTED') || content.includes('4,ENCRYPTED') || isEncryptedOpenSsh(label, body)
  const isPgp = label.startsWith('PGP')
  search.report({
    ...placed(search, start, end, search.bytes.toString('latin1', start, end)),
    ...(isEncrypted || isPgp ? {} : { kind: 'private-key' }),
    title: `${isEncrypted ? 'encrypted ' : ''}private key${isPgp ? ' (OpenPGP)' : ''}`,
    prefix: `-----BEGIN ${label}-----`,
    ...weightOf(search, isEncrypted ? 'medium' : isPgp ? 'high' : 'critical'),
  })
}

/** The cipher's name stands behind `openssh-key-v1` (PROTOCOL.key of OpenSSH). */
function isEncryptedOpenSsh(label: string, body: string): boolean {
  if (!label.startsWith('OPENSSH')) return false
  const bytes = Buffer.from(body.slice(0, 64), 'base64')
  return bytes.toString('latin1', 0, 14) === 'openssh-key-v1' && bytes.toString('latin1', 19, 23) !== 'none'
}

function certificate(search: Search, content: string, start: number, end: number): void {
  const [inner] = search.inside(Buffer.from(bodyOf(content), 'base64'))
  if (inner) search.report({ ...inner, rule: 'certificate-holds-key', start, end })
}

function putty(search: Search, at: number): void {
  const text = search.bytes.toString('latin1', at, at + blockBytesMax)
  const found = /Private-Lines: \d{1,3}\r?\n((?:[0-9A-Za-z+/=]{1,64}\r?\n){1,200})/.exec(text)
  const lines = found?.[1]
  if (!found || lines === undefined) return
  const start = at + found.index + found[0].length - lines.length
  const isEncrypted = !/Encryption: none/.test(text.slice(0, found.index))
  search.report({
    ...placed(search, start, start + lines.length, lines),
    title: `${isEncrypted ? 'encrypted ' : ''}private key (PuTTY)`,
    ...weightOf(search, isEncrypted ? 'medium' : 'critical'),
  })
}

function age(search: Search, start: number): void {
  const key = /^AGE-SECRET-KEY-1[0-9A-Z]{58}(?![0-9A-Za-z])/.exec(
    search.bytes.toString('latin1', start, start + 76),
  )?.[0]
  if (key === undefined || (isPretended(key.slice(16)) && !search.isLenient)) return
  search.report({
    ...placed(search, start, start + key.length, key),
    title: 'private key (age)',
    prefix: 'AGE-SECRET-KEY-1',
    ...weightOf(search, 'critical'),
  })
}

/** RFC 7517: `d` is the private part of RSA and EC keys, `k` a symmetric key. */
function jwk(search: Search, at: number): void {
  const from = Math.max(0, at - 3_000)
  const before = search.bytes.toString('latin1', from, at)
  const opened = before.lastIndexOf('{')
  if (opened === -1) return
  const text = search.bytes.toString('latin1', from + opened, at + 6_000)
  const object = text.slice(0, text.indexOf('}') + 1)
  const member = /"kty"\s{0,4}:\s{0,4}"oct"/.test(object) ? 'k' : 'd'
  const found = new RegExp(`"${member}"\\s{0,4}:\\s{0,4}"([0-9A-Za-z_-]{32,1400})"`).exec(object)
  const secret = found?.[1]
  if (!found || secret === undefined || (isPretended(secret) && !search.isLenient)) return
  const start = from + opened + found.index + found[0].length - 1 - secret.length
  search.report({
    ...placed(search, start, start + secret.length, secret),
    title: 'private key (JWK)',
    ...weightOf(search, 'critical'),
  })
}

/** A file that is the key, or a text among others. */
function placed(
  search: Search,
  start: number,
  end: number,
  secret: string,
): Pick<Candidate, 'rule' | 'start' | 'end' | 'secret'> {
  const isFile =
    search.setting.form !== 'code' &&
    (/\.(?:pem|key|ppk|pk8|p8|asc|gpg|jwk)$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)\w*$/i.test(search.path) ||
      /^[\s\ufeff]*$/.test(search.bytes.toString('latin1', 0, Math.min(start, 2_000))))
  return { rule: isFile ? 'private-key-file' : 'private-key-in-source', start, end, secret }
}

function weightOf(
  search: Search,
  severity: 'critical' | 'high' | 'medium',
): Pick<Candidate, 'severity' | 'confidence'> {
  const { isTest, isExample, isDocumentation } = search.setting
  if (isTest || isExample || isDocumentation) return { severity: 'low', confidence: 'tentative' }
  return { severity, confidence: 'certain' }
}
