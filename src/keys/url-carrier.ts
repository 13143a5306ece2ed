import { equalBytes } from '../secret/equal.ts'
import type { TargetCarrier } from './carrier.ts'

const [slash, question, hash, colon] = [0x2f, 0x3f, 0x23, 0x3a]

/**
 * The key is a whole URL, which whoever knows it may ask for: a webhook's. What travels is its path and query. No form
 * that a user declares: a phantom of it has to be a URL of the host.
 */
export const urlCarrier: TargetCarrier = {
  place: 'target',
  form: 'url',
  says: 'the path of KEY, which is a URL',
  find(target, phantom) {
    const path = phantom.subarray(pathStart(phantom))
    if (path.length === 0 || !equalBytes(target.subarray(0, path.length), path)) return []
    // Services take more behind it: `/messages/ID`, `?wait=true`.
    const next = target[path.length]
    const ends = next === undefined || next === slash || next === question || next === hash
    return ends ? [{ start: 0, end: path.length }] : []
  },
  lengthMax: (key) => key,
  /** The last segment: an answer that quotes the path has no scheme and host in front. */
  core: (key) => key.subarray(key.lastIndexOf(slash) + 1),
  write(into, at, key) {
    const path = key.subarray(pathStart(key))
    into.set(path, at)
    return at + path.length
  },
}

/** Behind `https://authority`; the length where there is no path. */
function pathStart(url: Uint8Array): number {
  const scheme = url.indexOf(colon)
  if (scheme < 0 || url[scheme + 1] !== slash || url[scheme + 2] !== slash) return url.length
  const start = url.indexOf(slash, scheme + 3)
  return start < 0 ? url.length : start
}
