import { byteSet, skipBack } from './byte-set.ts'
import { worthOf } from './judge-value.ts'
import type { Candidate, Detector, Search } from './search.ts'

const schemeBytes = byteSet('+.-', ['0', '9'], ['A', 'Z'], ['a', 'z'])
const authorityEnds = byteSet(' \t\r\n/?#"\'`<>\\|')
const authorityBytesMax = 512

const databases =
  /^(?:(?:postgres(?:ql)?|mysql2?|mariadb|trilogy|sqlserver|mssql|mongodb|rediss?|amqps?|clickhouse|cassandra|couchbases?|cockroachdb|neo4j|bolt|influxdb|memcached|oracle|db2|ldaps?|smtps?|imaps?|kafka|nats|mqtts?|stomp)(?:\+\w+)?|\w+\+(?:psycopg2?|pymysql|asyncpg|pyodbc))$/i

/** Passwords in the authority of URLs (RFC 3986 §3.2.1): of databases and brokers, of web addresses, of repositories. */
export const urlCredentials: Detector = {
  words: ['://'],
  readsBinary: false,
  begin: (search) => (start, end) => {
    const { bytes } = search
    const last = Math.min(bytes.length, end + authorityBytesMax)
    let colon = -1
    let at = -1
    for (let index = end; index < last && authorityEnds[bytes[index] as number] !== 1; index++) {
      if (bytes[index] === 0x3a && colon === -1) colon = index
      else if (bytes[index] === 0x40 && colon !== -1) at = index
    }
    if (at > colon + 1) lookAt(search, start, end, colon, at)
  },
}

function lookAt(search: Search, schemeEnd: number, userStart: number, colon: number, at: number): void {
  const { bytes } = search
  const scheme = bytes.toString('latin1', skipBack(bytes, schemeBytes, schemeEnd, schemeEnd - 24), schemeEnd)
  const user = bytes.toString('latin1', userStart, colon)
  const password = decoded(bytes.toString('latin1', colon + 1, at))
  const host =
    /^\[[^\]]{0,60}\]|^[^\s/:?#"'`<>,;)\\]{0,200}/.exec(bytes.toString('latin1', at + 1, at + 260))?.[0] ?? ''
  const isDatabase = databases.test(scheme)
  const weight = search.isLenient
    ? ({ severity: 'low', confidence: 'tentative' } as const)
    : weightOf(search, isDatabase, user, password, host)
  if (!weight || scheme === '') return
  if (search.isLenient && isDatabase) {
    suspectWhole(search, scheme, schemeEnd)
    return
  }
  search.report({
    rule: isDatabase ? 'connection-string-password' : 'credentials-in-url',
    ...(isDatabase && /^(?:postgres|mysql|maria|trilogy|sqlserver|mongodb|redis|amqp)/i.test(scheme)
      ? { kind: 'database-url' }
      : {}),
    title: isDatabase ? 'database URL with a password' : 'password in a URL',
    start: colon + 1,
    end: at,
    secret: password,
    ...weight,
  })
}

/** Where it stands and who uses it says enough of a database to hide all of its address. */
function suspectWhole(search: Search, scheme: string, schemeEnd: number): void {
  const start = schemeEnd - scheme.length
  const text = /^[^\s"'`<>]{1,2000}/.exec(search.bytes.toString('latin1', start, start + 2_000))?.[0] ?? ''
  search.report({
    rule: 'connection-string-password',
    title: 'database URL with a password',
    start,
    end: start + text.length,
    secret: text,
    prefix: `${scheme}://`,
    severity: 'low',
    confidence: 'tentative',
  })
}

function weightOf(
  search: Search,
  isDatabase: boolean,
  user: string,
  password: string,
  host: string,
): Pick<Candidate, 'severity' | 'confidence'> | undefined {
  const { isTest, isExample, isDocumentation, isLocale, isDevelopment, form } = search.setting
  if (isNobodys(host) || isLocale || password === user || password.length < 6) return undefined
  const worth = worthOf(password)
  if (worth === 'none') return undefined
  if (isTest || isExample || isDocumentation || form === 'prose')
    return worth === 'random' ? { severity: 'low', confidence: 'tentative' } : undefined
  if (worth === 'weak') {
    // In a compose file the host is a container beside, and its password guards what only this machine reaches.
    const isBeside = isDevelopment || !host.includes('.') || /compose/.test(search.path)
    return isBeside || /^(?:user|username|foo|login|me|name|proxy)/i.test(user)
      ? undefined
      : { severity: 'high', confidence: 'tentative' }
  }
  return { severity: isDatabase ? 'critical' : 'high', confidence: worth === 'random' ? 'certain' : 'firm' }
}

/** The reader's own machine, a name for documentation (RFC 2606, RFC 5737), or what is only known when it runs. */
function isNobodys(host: string): boolean {
  return (
    host === '' ||
    /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|host\.docker\.internal|host|hostname|server|myhost|yourhost|domain|somehost|remote|proxy|proxyhost)$|^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.|(?:^|\.)example(?:\.(?:com|org|net|edu))?$|\.(?:test|invalid|localhost|example)$|^(?:my|your|some)|domain\.(?:com|tld)$|(?:^|\.)(?:foo|bar|acme|test|mycompany|company)\.\w+$/i.test(
      host,
    ) ||
    /^[^\w]|[{}$%*()]/.test(host)
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
