import { parseCertificate } from './certificate.ts'
import { ipOctets, ipText } from './ip-octets.ts'

/**
 * Whether a server's certificate (DER) names `host`, a DNS name or an IP address: undefined, or what is wrong. Only the
 * subject alternative name counts (RFC 9525); the common name does not, and `*` only as the whole first label of a
 * name of three or more.
 */
export function matchesServerName(der: Uint8Array, host: string): string | undefined {
  const read = parseCertificate(der)
  if ('problem' in read) return `its certificate cannot be read: ${read.problem.field} ${read.problem.says}`
  const names = read.certificate.subjectAltNames
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const address = ipOctets(bare)
  if (address) {
    const text = ipText(address)
    if (names.some(({ kind, value }) => kind === 'ip' && value === text)) return undefined
  } else {
    const name = bare.toLowerCase()
    if (names.some(({ kind, value }) => kind === 'dns' && covers(value.toLowerCase(), name))) return undefined
  }
  if (!names.some(({ kind }) => kind === 'dns' || kind === 'ip'))
    return 'its certificate has no subject alternative name that is a host; a common name is not enough'
  return 'its certificate names other hosts'
}

function covers(pattern: string, name: string): boolean {
  if (pattern === name) return !pattern.includes('*')
  if (!pattern.startsWith('*.')) return false
  const rest = pattern.slice(1)
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot) === rest && rest.indexOf('.', 1) > 0 && !rest.includes('*')
}
