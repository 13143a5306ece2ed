import { assignedValue } from './assignment-value.ts'
import { base64Bytes, lineStartOf, nameBytes, skip, skipBack, tokenBytes } from './byte-set.ts'
import { worthOf } from './judge-value.ts'
import type { Candidate, Detector, Search } from './search.ts'

/** What requests and command lines carry: `Bearer …`, `Basic …`, `curl -u name:password`, and `auth` of registries' files. */
export const sentCredentials: Detector = {
  words: ['bearer ', 'basic ', ' -u ', ' -u', ' --user', 'sshpass', 'mysql', 'auth"', '_auth'],
  readsBinary: false,
  begin: (search) => (start, end, word) => {
    if (word === 'bearer ') bearer(search, start, end)
    else if (word === 'basic ') basic(search, start, skip(search.bytes, base64Bytes, end, end + 2_400), end)
    else if (word === 'sshpass') commandLine(search, end, /^ -p ?["']?([^\s"']{4,2000})/)
    else if (word === 'mysql') mysql(search, end)
    else if (word === ' --user') userOption(search, start, end, /^[ =]["']?[\w.@-]{1,60}:([^\s"'\\]{4,2000})/)
    else if (word === ' -u') userOption(search, start, end, /^ ?["']?[\w.@-]{1,60}:([^\s"'\\]{4,2000})/)
    else if (word !== ' -u ') registry(search, start, end)
  },
}

function isAside({ setting }: Search): boolean {
  return setting.isTest || setting.isExample || setting.isDocumentation || setting.isLocale
}

function bearer(search: Search, start: number, end: number): void {
  const { bytes } = search
  if (nameBytes[bytes[start - 1] ?? 0] === 1) return
  const tokenEnd = skip(bytes, tokenBytes, end, end + 2_400)
  if (tokenEnd - end < 20) return
  const token = bytes.toString('latin1', end, tokenEnd).replace(/[.:]+$/, '')
  if (!search.isLenient && (isAside(search) || worthOf(token) !== 'random')) return
  search.report({
    rule: 'generic-secret',
    title: 'bearer token',
    start: end,
    end: end + token.length,
    secret: token,
    severity: 'high',
    confidence: 'firm',
  })
}

/** The base64 of `name:password` (RFC 7617), from `from` to `to`. */
function basic(search: Search, start: number, to: number, from: number): void {
  const { bytes } = search
  if (to - from < 8 || nameBytes[bytes[start - 1] ?? 0] === 1) return
  encodedPair(search, bytes.toString('latin1', from, to), from, 'encoded-secret')
}

function encodedPair(search: Search, encoded: string, start: number, rule: Candidate['rule']): void {
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const [, password = ''] = /^[\x20-\x39\x3b-\x7e]{0,80}:([\x20-\x7e]{4,200})$/.exec(pair) ?? []
  if (password === '' || Buffer.from(pair).toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) return
  const worth = worthOf(password)
  if (
    !search.isLenient &&
    (worth === 'none' || ((isAside(search) || search.setting.form === 'prose') && worth !== 'random'))
  )
    return
  search.report({
    rule,
    title: 'name and password in base64',
    start,
    end: start + encoded.length,
    secret: encoded,
    severity: isAside(search) ? 'low' : 'high',
    confidence: isAside(search) || worth === 'weak' ? 'tentative' : 'firm',
  })
}

function userOption(search: Search, start: number, end: number, form: RegExp): void {
  const { bytes } = search
  const before = bytes.toString('latin1', lineStartOf(bytes, start, 400), start)
  if (/\b(?:curl|wget|https?|xh|httpie)\b/.test(before)) commandLine(search, end, form)
}

/** `mysql -u root -p…`: without a blank, or it would be a name of a database. */
function mysql(search: Search, end: number): void {
  if (search.setting.form === 'shell')
    commandLine(search, end, /^(?:dump|admin|import)?[ \t][^\n|;&]{0,120}?[ \t]-p["']?([^\s"']{4,2000})/)
}

function commandLine(search: Search, end: number, form: RegExp): void {
  const found = form.exec(search.bytes.toString('latin1', end, end + 2_400))
  const password = found?.[1]
  if (!found || password === undefined) return
  const worth = worthOf(password)
  if (!search.isLenient && (worth === 'none' || worth === 'weak' || isAside(search))) return
  const start = end + found[0].length - password.length
  search.report({
    rule: 'generic-secret',
    title: 'password on a command line',
    start,
    end: start + password.length,
    secret: password,
    severity: 'high',
    confidence: 'firm',
  })
}

/** `"auth": "…"` of Docker's file, `_auth=…` of npm's. */
function registry(search: Search, start: number, end: number): void {
  const { bytes } = search
  const nameEnd = bytes[end - 1] === 0x22 ? end - 1 : end
  if (nameBytes[bytes[nameEnd] ?? 0] === 1) return
  const nameStart = skipBack(bytes, nameBytes, start, start - 20)
  if (!/^_?auth$/i.test(bytes.toString('latin1', nameStart, nameEnd))) return
  const value = assignedValue(bytes, nameStart, nameEnd, search.setting.form)
  if (value && /^[0-9A-Za-z+/=]{8,512}$/.test(value.text)) encodedPair(search, value.text, value.start, 'password-file')
}
