import type { Confidence, Severity } from '../../finding/finding.ts'
import { isOfForm, type KeyKind } from '../../keys/kind.ts'
import { secretNames } from '../secret-name.ts'
import { type AssignedValue, assignedValue } from './assignment-value.ts'
import { lineStartOf, nameBytes, skip, skipBack } from './byte-set.ts'
import { isMixed, type Worth, worthOf } from './judge-value.ts'
import { isPasswordFile } from './password-files.ts'
import { isPretended } from './pretended.ts'
import { refersElsewhere } from './refers-elsewhere.ts'
import type { Detector, Search } from './search.ts'
import { surroundingsOf } from './surroundings.ts'

const nameCharactersMax = 100

/** What `SESSION_SECRET` and the like are for: whoever knows it makes sessions of anybody. */
const sessionNames =
  /(?:session|cookie|^secret$|secret[_-]?(?:key[_-]?base|token)|jwt|^app[_-]?key$|flask[_-]?secret|django[_-]?secret)/i

/** Secrets by the name that they are given to: kinds without a shape by their form, any other by what the value is worth. */
export function assignedSecrets(kinds: readonly KeyKind[]): Detector {
  const named = new Map<string, KeyKind[]>()
  for (const kind of kinds) {
    if (!kind.fits) continue
    for (const name of kind.environment) named.set(name, [...(named.get(name) ?? []), kind])
  }
  const isSecretName = secretNames(kinds)
  const ordinary = ['pass', 'pwd', 'secret', 'token', 'key', 'credential', 'auth']
  const rest = [...named.keys()].filter((name) => !ordinary.some((word) => name.toLowerCase().includes(word)))
  return {
    words: [...ordinary, ...rest, ...clauses],
    readsBinary: false,
    begin(search) {
      let behind = 0
      return (start, end, word) => {
        if (end <= behind) return
        const { bytes } = search
        if (clauses.includes(word)) return clause(search, start, end, word)
        const nameEnd = skip(bytes, nameBytes, end, end + nameCharactersMax)
        behind = nameEnd
        const nameStart = skipBack(bytes, nameBytes, start, start - nameCharactersMax)
        const value = assignedValue(bytes, nameStart, nameEnd, search.setting.form)
        if (!value) return
        const name = bytes.toString('latin1', nameStart, nameEnd).replace(/^-+/, '')
        const kind = named
          .get(name.toUpperCase().replaceAll('-', '_'))
          ?.find(({ fits }) => fits && isOfForm(fits, value.text))
        if (kind && isKindOf(search, kind, value)) reportKind(search, kind, name, value)
        else if (isSecretName(name)) weigh(search, name, value, nameStart)
      }
    },
  }
}

/** What languages say before a password: SQL's `IDENTIFIED BY '…'`, PowerShell's `ConvertTo-SecureString "…"`. */
const clauses = ['identified by', 'convertto-securestring', 'requirepass', 'masterauth', 'bindpw', 'rootpw']

function clause(search: Search, start: number, end: number, word: string): void {
  const isSetting = !word.includes(' ') && !word.includes('-') && search.setting.form !== 'code'
  const form = isSetting
    ? /^[ \t]{1,8}(["']?)([^\s"']{4,200})\1/
    : /^[ \t]{1,8}(?:-String[ \t]{1,4})?(["'])([^\s"']{4,200})\1/i
  const found = form.exec(search.bytes.toString('latin1', end, end + 240))
  const [whole = '', quote = '', text = ''] = found ?? []
  if (text === '') return
  const from = end + whole.length - quote.length - text.length
  weigh(
    search,
    'password',
    { start: from, end: from + text.length, text, isQuoted: quote !== '', operator: ' ' },
    start,
  )
}

function isKindOf(search: Search, kind: KeyKind, { text }: AssignedValue): boolean {
  if (search.isLenient) return true
  const { isLocale, isLock } = search.setting
  return !isPretended(text) && !isLocale && !isLock && worthOf(text) !== 'none' && kind.id !== ''
}

function reportKind(search: Search, kind: KeyKind, name: string, value: AssignedValue): void {
  const { isTest, isExample, isDocumentation } = search.setting
  const isAside = isTest || isExample || isDocumentation
  search.report({
    rule: 'key-literal',
    kind: kind.id,
    title: kind.title,
    name,
    start: value.start,
    end: value.end,
    secret: value.text,
    severity: isAside ? 'medium' : 'critical',
    confidence: isAside ? 'tentative' : 'certain',
  })
}

function weigh(search: Search, name: string, value: AssignedValue, nameStart: number): void {
  const verdict = search.isLenient ? suspicionOf(value) : verdictOn(search, name, value, nameStart)
  if (!verdict) return
  const isSession = sessionNames.test(name) && !/csrf|xsrf/i.test(name)
  const isAddress = isConnectionString(search, value)
  if (!isAddress && isBareInCode(search, name, value)) return
  const { rule, title } = isAddress
    ? ({ rule: 'connection-string-password', title: 'password of a connection string' } as const)
    : isPasswordFile(search.path)
      ? ({ rule: 'password-file', title: titleOf(name) } as const)
      : isSession && !isPasswordName(name)
        ? ({ rule: 'session-secret-literal', title: 'session secret' } as const)
        : ({ rule: 'generic-secret', title: titleOf(name) } as const)
  search.report({ rule, title, name, start: value.start, end: value.end, secret: value.text, ...verdict })
}

/** For masking: all but what says where the secret comes from, and what is for people to read. */
function suspicionOf({ text, isQuoted }: AssignedValue): { severity: Severity; confidence: Confidence } | undefined {
  const isPlain = refersElsewhere(text) || /^[A-Z][A-Z0-9_]*$|\s/.test(text) || text.length < 4
  if (isPlain || (!isQuoted && worthOf(text) === 'none')) return undefined
  return { severity: 'low', confidence: 'tentative' }
}

/** In code a value without quotes is an expression, but in a text of code `API_TOKEN=…` is what a program was given. */
function isBareInCode({ setting }: Search, name: string, { isQuoted, operator, text }: AssignedValue): boolean {
  if (isQuoted || operator !== '=' || (setting.form !== 'code' && setting.form !== 'data')) return false
  return !/^[A-Z][A-Z0-9_]{3,}$/.test(name) || worthOf(text) !== 'random'
}

/** `Server=…;User Id=…;Password=…`, `jdbc:…?user=…&password=…`, `DefaultEndpointsProtocol=…;AccountKey=…`. */
function isConnectionString(search: Search, { start, isQuoted }: AssignedValue): boolean {
  if (isQuoted) return false
  const before = search.bytes.toString('latin1', lineStartOf(search.bytes, start, 400), start)
  return /(?:jdbc:|(?:Server|Data Source|Host|Endpoint|DefaultEndpointsProtocol|AccountName|Initial Catalog|Database)=[^;]{1,200};)/i.test(
    before,
  )
}

function verdictOn(
  search: Search,
  name: string,
  value: AssignedValue,
  nameStart: number,
): { severity: Severity; confidence: Confidence } | undefined {
  const { setting } = search
  if (setting.isLocale || setting.isLock || setting.isTest || setting.isExample) return undefined
  const worth = worthOf(plainOf(value.text))
  if (worth === 'none' || (value.isContinued && worth !== 'random')) return undefined
  if (value.operator === '===' || value.operator === '==')
    return worth === 'random' ? { severity: 'medium', confidence: 'tentative' } : undefined
  if (setting.isGenerated && worth !== 'random') return undefined
  const remark = setting.form === 'code' ? remarkAt(search, nameStart) : 'none'
  if (remark === 'manual' || (remark === 'disused' && worth === 'weak')) return undefined
  if (value.operator === ',' && worth !== 'random' && !isSetter(search, nameStart)) return undefined
  const isPassword = isPasswordName(name)
  if (isPublicHere(search, name, value)) return undefined
  if (setting.isDocumentation || setting.form === 'prose' || setting.form === 'markup') {
    return worth === 'random' && !isPassword ? { severity: 'medium', confidence: 'tentative' } : undefined
  }
  if (worth === 'random') {
    return { severity: 'high', confidence: 'firm' }
  }
  if (isPassword || isSessionWord(name) || worth === 'strong') return passwordVerdict(search, value, worth, nameStart)
  return undefined
}

/** `manual`: an example in a comment; `disused`: code that was turned into one. */
function remarkAt(search: Search, at: number): 'none' | 'manual' | 'disused' {
  const before = search.bytes.toString('latin1', lineStartOf(search.bytes, at, 200), at)
  const mark = /^\s*(?:#+|\/\/+|--|;+|\*|\/\*+)(\s*)/.exec(before)
  if (!mark) return 'none'
  return mark[0].includes('*') || (mark[1] ?? '').length > 1 ? 'manual' : 'disused'
}

/** `define('PASSWORD', '…')`, `set :password, '…'`, `ENV.fetch('PASSWORD', '…')`: what is beside the name is its value. */
function isSetter(search: Search, at: number): boolean {
  const before = search.bytes.toString('latin1', Math.max(0, at - 60), at)
  return /(?:define|set\w*|put|add\w*|store|fetch|get\w*|environ\.get|getenv|env|option|header|config\w*|property|let|register|default\w*)[!?]?[ \t]?\(?[ \t]?["'`:][\w.]{0,40}$/i.test(
    before,
  )
}

/** What a value decodes to, where it is base64 of a text that can be read. */
function plainOf(value: string): string {
  if (value.length % 4 !== 0 || !/^[0-9A-Za-z+/]{8,400}={0,2}$/.test(value)) return value
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  return /^[\x20-\x7e]{4,}$/.test(decoded.trim()) ? decoded.trim() : value
}

function isSessionWord(name: string): boolean {
  return sessionNames.test(name) && /secret/i.test(name)
}

/** A random text under such a name is shown to everybody all the same: a page's nonce, a cache's key, a tracking id. */
function isPublicHere(search: Search, name: string, value: AssignedValue): boolean {
  if (
    /(?:^|[_-])(?:next|page|sync|continuation|resume|cursor|cancel(?:lation)?|authenticity|csrf|xsrf|nonce|etag|delimiter|separator)[_-]?(?:page)?[_-]?tokens?$/i.test(
      name,
    )
  )
    return true
  // `encryptionKey: 'encryptionKey1024'` is a name.
  if (value.text.toLowerCase().includes(name.toLowerCase())) return true
  const line = search.bytes.toString('latin1', Math.max(0, value.start - 120), value.start)
  return /publishable|public[-_ ]?(?:key|token|id)|sha(?:1|256|512)|digest|checksum|integrity|fingerprint|keyserver|recv-key|apt-key|\bgpg\b/i.test(
    line.slice(line.lastIndexOf('\n') + 1),
  )
}

function passwordVerdict(
  search: Search,
  value: AssignedValue,
  worth: Worth,
  nameStart: number,
): { severity: Severity; confidence: Confidence } | undefined {
  const { setting } = search
  const around = surroundingsOf(search, nameStart)
  const isDevelopment = (setting.isDevelopment || around.isDevelopment) && !around.isProduction
  if (isDevelopment || around.isOwnMachine)
    return worth === 'strong' && !around.isOwnMachine ? { severity: 'medium', confidence: 'tentative' } : undefined
  if (worth === 'strong') return { severity: 'high', confidence: 'firm' }
  const isProduction = setting.isProduction || around.isProduction
  if (setting.form === 'code') {
    return isMixed(value.text) ? { severity: 'medium', confidence: 'tentative' } : undefined
  }
  const isPlain = /^[a-z_-]+$/i.test(value.text)
  if (!isProduction && (isPlain || !around.hasHost)) return undefined
  return { severity: 'medium', confidence: 'tentative' }
}

function isPasswordName(name: string): boolean {
  return /pass(?:w(?:or)?d|phrase|code)?|pwd/i.test(name)
}

function titleOf(name: string): string {
  if (isPasswordName(name)) return 'password'
  if (/token/i.test(name)) return 'token'
  return /secret/i.test(name) ? 'secret' : 'key'
}
