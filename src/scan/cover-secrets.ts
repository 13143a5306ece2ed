import { maskSecret } from '../finding/mask.ts'
import type { Masker, Suspect } from './mask-source.ts'

/** So much of a file is searched at once, with so much on either side: a private key takes many lines. */
const partUnits = 32_768
const aroundUnits = 20_480

/**
 * Gives parts of a file's text masked: by what each holds itself, and by the secrets that it is a piece of, whether
 * they are known by what stands on other lines or go over many. A part of the file that is shown is searched once.
 */
export function coverSecrets(text: () => string, path: string, mask: Masker): (from: number, to: number) => string {
  const { suspects } = mask
  if (!suspects) return (from, to) => mask(text().slice(from, to))
  const known = new Map<number, readonly Suspect[]>()
  const suspectsOf = (part: number): readonly Suspect[] => {
    let found = known.get(part)
    if (!found) {
      const start = Math.max(0, part * partUnits - aroundUnits)
      found = suspects(text().slice(start, (part + 1) * partUnits + aroundUnits), path).map((suspect) => ({
        ...suspect,
        start: suspect.start + start,
        end: suspect.end + start,
      }))
      known.set(part, found)
    }
    return found
  }
  return (from, to) => {
    const parts: Suspect[] = []
    for (let part = Math.floor(from / partUnits); part * partUnits <= to; part++)
      for (const suspect of suspectsOf(part)) if (suspect.end > from && suspect.start < to) parts.push(suspect)
    return mask(covered(text(), from, to, parts))
  }
}

function covered(text: string, from: number, to: number, suspects: readonly Suspect[]): string {
  let shown = ''
  let at = from
  for (const { start, end, prefix } of [...suspects].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= at || start >= to) continue
    shown += text.slice(at, Math.max(at, start))
    // Of a piece not even the length is told: it says nothing of the whole.
    shown += start >= at && end <= to ? maskSecret(text.slice(start, end), prefix) : '…'
    at = Math.min(end, to)
  }
  return shown + text.slice(at, to)
}
