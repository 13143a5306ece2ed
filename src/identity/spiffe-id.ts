export interface SpiffeId {
  readonly trustDomain: string
  /** Begins with `/`; empty for the ID of the trust domain itself. */
  readonly path: string
}

/**
 * Reads a SPIFFE ID strictly (SPIFFE-ID 2.1 to 2.4). An ID has one spelling: nothing is folded, decoded or collapsed.
 * The problem is a half sentence that begins with a verb.
 */
export function parseSpiffeId(text: string): { readonly id: SpiffeId } | { readonly problem: string } {
  if (text.length > 2048) return { problem: 'is longer than 2048 octets' }
  if (!text.startsWith('spiffe://')) return { problem: 'does not begin with spiffe://' }
  const rest = text.slice(9)
  const slash = rest.indexOf('/')
  const trustDomain = slash < 0 ? rest : rest.slice(0, slash)
  const path = slash < 0 ? '' : rest.slice(slash)
  if (trustDomain === '') return { problem: 'names no trust domain' }
  if (trustDomain.length > 255) return { problem: 'has a trust domain of more than 255 octets' }
  if (!/^[a-z0-9._-]+$/.test(trustDomain))
    return { problem: 'has a trust domain with other characters than a-z, 0-9, dot, dash and underscore' }
  if (path === '') return { id: { trustDomain, path } }
  for (const segment of path.slice(1).split('/')) {
    if (segment === '') return { problem: 'has an empty path segment or a slash at its end' }
    if (segment === '.' || segment === '..') return { problem: 'has a dot segment in its path' }
    if (!/^[A-Za-z0-9._-]+$/.test(segment))
      return { problem: 'has a path with other characters than letters, digits, dot, dash and underscore' }
  }
  return { id: { trustDomain, path } }
}
