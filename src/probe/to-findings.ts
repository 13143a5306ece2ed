import type { Finding } from '../finding/finding.ts'
import { fingerprint } from '../finding/fingerprint.ts'
import type { ProbeRequest, Way } from './exchange.ts'
import { maskEvidence, type Secrets } from './mask-evidence.ts'
import { unknownPath } from './provocations.ts'
import type { Shown } from './read-leaks.ts'
import type { Target } from './target.ts'

/** One finding for each thing that was seen; requests that show the same are counted. */
export function toFindings(target: Target, shown: readonly Shown[], secrets: Secrets): Finding[] {
  const groups = new Map<string, Shown[]>()
  for (const one of shown) {
    const name = `${one.check.id} ${one.sighting.identity}`
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups.values()].map((group) => toFinding(target, group, secrets))
}

function toFinding(target: Target, group: readonly Shown[], secrets: Secrets): Finding {
  const [first] = group as [Shown, ...Shown[]]
  const { check, sighting, request, way } = first
  const clean = (text: string) => maskEvidence(text, secrets)
  // The path that does not exist has another name in every run.
  const path = (request.target.split('?', 1)[0] ?? '/').replace(unknownPath, '/unknown')
  const evidence = sighting.evidence.map(clean).filter((line) => line !== '')
  const scheme = way.transport === 'plain' ? 'http' : 'https'
  const others = group.length - 1
  return {
    rule: check.id,
    title: check.title,
    severity: sighting.severity ?? check.severity,
    confidence: sighting.confidence ?? 'certain',
    message: clean(sighting.message) + (others > 0 ? ` (and ${others} more of its answers)` : ''),
    at: {
      method: request.method,
      url: clean(target.url.replace(/^[a-z]+:/, `${scheme}:`) + percentEncoded(request.target)),
      ...(sighting.part === undefined ? {} : { part: sighting.part }),
    },
    evidence: [...evidence, ...repeatLine(target, way, request).map(clean)],
    fix: sighting.fix,
    ...(check.cwe === undefined ? {} : { cwe: check.cwe }),
    fingerprint: fingerprint(check.id, check.readAccess ? [sighting.identity] : [clean(path), ...evidence]),
  }
}

const repeatBytesMax = 300

/** The command that asks again. Names files and never what is in them; minted certificates are left out. */
function repeatLine(target: Target, way: Way, request: ProbeRequest): string[] {
  if (request.target.length > repeatBytesMax) return []
  const scheme = way.transport === 'plain' ? 'http' : 'https'
  const tls = way.transport === 'plain' ? '' : ` -k --tlsv1.${way.transport.at(-1)} --tls-max 1.${way.transport.at(-1)}`
  const certificate = way.credential ? ' --cert CERT.pem --key KEY.pem' : ''
  const fields = (request.fields ?? []).map(([name, value]) => ` -H '${name}: ${value}'`).join('')
  const url = `${target.url.replace(/^[a-z]+:/, `${scheme}:`)}${request.target}`
  return [`repeat: curl -s --path-as-is${tls}${certificate}${fields} ${quoted(url)}`]
}

/** For a POSIX shell; bytes outside of ASCII in the form of bash and ksh. */
function quoted(text: string): string {
  const safe = text.replaceAll("'", "'\\''")
  if (/^[\u0020-\u007e]*$/.test(text)) return `'${safe}'`
  const escaped = text.replace(/[\\']/g, '\\$&')
  return `$'${escaped.replace(/[^\u0020-\u007e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`
}

/** As a URL may be written: bytes outside of ASCII percent-encoded, long targets cut. */
export function percentEncoded(target: string): string {
  const text = target.replace(
    /[^\u0021-\u007e]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  )
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
