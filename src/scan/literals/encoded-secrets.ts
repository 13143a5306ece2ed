import type { KeyKind } from '../../keys/kind.ts'
import { base64Bytes, skip } from './byte-set.ts'
import { worthOf } from './judge-value.ts'
import type { Candidate, Detector, Search } from './search.ts'

const encodedBytesMax = 16_384
/** Shorter ones begin many a text by chance. */
const prefixMin = 6

/** Keys in base64, known by what their prefixes become in it, and the values of Kubernetes' secrets. */
export function encodedSecrets(kinds: readonly KeyKind[]): Detector {
  const prefixes = kinds.flatMap(({ shape }) => shape?.prefixes ?? []).filter((prefix) => prefix.length >= prefixMin)
  const encoded = [...new Set([...prefixes, '-----BEGIN '].map(encodedFront))]
  return {
    words: [...encoded, 'kind: secret', '"kind": "secret"', '"kind":"secret"'],
    readsBinary: false,
    begin(search) {
      let behind = 0
      let manifestEnd = 0
      return (start, end, word) => {
        if (word.includes('kind')) {
          if (start >= manifestEnd) manifestEnd = kubernetesSecret(search, start, end)
        } else if (start >= behind && base64Bytes[search.bytes[start - 1] ?? 0] !== 1) {
          behind = skip(search.bytes, base64Bytes, start, start + encodedBytesMax)
          const text = search.bytes.toString('latin1', start, behind)
          const [inner] = search.inside(Buffer.from(text, 'base64'))
          if (inner) search.report(outer(inner, start, behind, text))
        }
      }
    },
  }
}

/** The characters of its base64 that a prefix alone decides. */
function encodedFront(prefix: string): string {
  return Buffer.from(prefix)
    .toString('base64')
    .replace(/=+$/, '')
    .slice(0, Math.floor((prefix.length * 8) / 6))
}

function outer(inner: Candidate, start: number, end: number, text: string, name?: string): Candidate {
  return {
    ...inner,
    rule: 'encoded-secret',
    title: `${inner.title} in base64`,
    ...(name === undefined ? {} : { name }),
    start,
    end,
    secret: text,
    prefix: '',
  }
}

const manifestBytesMax = 262_144
/** So much of it may stand before its kind. */
const manifestHeadBytesMax = 16_384

/**
 * `data:` holds base64, `stringData:` the texts themselves; what stands in either is a secret by its place. The end of
 * what was looked at: a manifest is read once.
 */
function kubernetesSecret(search: Search, start: number, end: number): number {
  const { bytes } = search
  if (/[\w-]/.test(bytes.toString('latin1', end, end + 1))) return end
  const first = Math.max(0, start - manifestHeadBytesMax)
  const from = first + bytes.subarray(first, start).lastIndexOf('\n---') + 1
  const next = bytes.indexOf('\n---', end)
  const text = bytes.toString('latin1', from, Math.min(next === -1 ? bytes.length : next, from + manifestBytesMax))
  if (/^[ \t]*sops:/m.test(text) || /SealedSecret|ENC\[AES/.test(text)) return Math.max(end, from + text.length)
  for (const { name, value, at } of entriesOf(text, 'data')) {
    const decoded = Buffer.from(value, 'base64')
    if (decoded.toString('base64').replace(/=+$/, '') !== value.replace(/=+$/, '')) continue
    const [inner] = search.inside(decoded)
    if (inner) search.report(outer(inner, from + at, from + at + value.length, value, name))
    else plainEntry(search, name, decoded.toString('utf8').trim(), value, from + at)
  }
  for (const { name, value, at } of entriesOf(text, 'stringData')) plainEntry(search, name, value, value, from + at)
  return Math.max(end, from + text.length)
}

interface Entry {
  readonly name: string
  readonly value: string
  readonly at: number
}

function entriesOf(text: string, section: string): Entry[] {
  const opened = new RegExp(`(?:^|\\n)([ \\t]*)"?${section}"?:[ \\t]*\\{?[ \\t]*\\r?\\n?`).exec(text)
  if (!opened) return []
  const indent = opened[1]?.length ?? 0
  const entries: Entry[] = []
  let at = opened.index + opened[0].length
  while (at < text.length) {
    const lineFeed = text.indexOf('\n', at)
    const line = text.slice(at, lineFeed === -1 ? text.length : lineFeed)
    const found = /^([ \t]*)"?([\w.-]{1,120})"?:[ \t]*["']?([^\s"']{4,16000})["']?,?[ \t]*\r?$/.exec(line)
    if (line.trim() !== '' && /^[ \t]*/.exec(line)?.[0].length === indent && indent < 8) break
    if (found)
      entries.push({
        name: found[2] ?? '',
        value: found[3] ?? '',
        at: at + line.indexOf(found[3] ?? '', (found[1] ?? '').length + (found[2] ?? '').length),
      })
    if (lineFeed === -1) break
    at = lineFeed + 1
  }
  return entries
}

function plainEntry(search: Search, name: string, decoded: string, value: string, start: number): void {
  const { isTest, isExample, isDocumentation } = search.setting
  if (!/^[\x20-\x7e]{4,500}$/.test(decoded)) return
  const worth = worthOf(decoded)
  const isNamed = /pass|secret|token|key|pwd|credential|auth/i.test(name)
  if (!search.isLenient && (worth === 'none' || (worth === 'weak' && !isNamed))) return
  if (!search.isLenient && (isTest || isExample || isDocumentation) && worth !== 'random') return
  const isAside = isTest || isExample || isDocumentation
  search.report({
    rule: 'encoded-secret',
    title: 'secret of a Kubernetes manifest',
    name,
    start,
    end: start + value.length,
    secret: value,
    severity: isAside ? 'low' : 'high',
    confidence: isAside || worth === 'weak' ? 'tentative' : 'firm',
  })
}
