import type { ContentCoding } from '../scrub/codings.ts'

/** Codings whose answers can be searched for keys; `identity` always can. */
const readable: readonly (ContentCoding | 'identity')[] = ['gzip', 'br', 'zstd', 'deflate', 'identity']
const identity = Buffer.from('identity')
/** Clients send the same few values all the time. */
const kept = new Map<string, Buffer>()
const keptMax = 256

/**
 * The members of an `Accept-Encoding` value (RFC 9110 §12.5.3) that we can read, weights included; `identity` where none
 * is left. `before`: what an earlier field line of the name gave.
 */
export function acceptedCodings(bytes: Buffer, start: number, end: number, before?: Buffer): Buffer {
  const value = bytes.toString('latin1', start, end)
  let accepted = kept.get(value)
  if (!accepted) {
    const members = value
      .split(',')
      .map((member) =>
        member
          .trim()
          .toLowerCase()
          .replace(/^x-gzip\b/, 'gzip'),
      )
      .filter((member) =>
        readable.some((coding) => /^([a-z]+)(?:[\t ]*;[\t ]*q=[01](?:\.\d{0,3})?)?$/.exec(member)?.[1] === coding),
      )
    accepted = members.length > 0 ? Buffer.from(members.join(', ')) : identity
    if (kept.size < keptMax && value.length <= 256) kept.set(value, accepted)
  }
  if (!before || before === identity) return accepted
  return accepted === identity ? before : Buffer.concat([before, Buffer.from(', '), accepted])
}
