import type { SourceFile } from '../source-file.ts'
import type { Tree } from '../tree.ts'

/** A request field by which programs are told who a client is, and which a client could send itself. */
export interface IdentityFieldUse {
  /** In lower case, with `-`. */
  readonly field: string
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** Read by a name that does not tell `-` from `_`: CGI, Rack, WSGI, PHP. */
  readonly isFolded: boolean
}

/** Names that servers and proxies give to what they know of a client's certificate, or of who signed in. */
const identity =
  /^(?:x-)?(?:ssl|tls|mtls)-client(?:-|$)|^x-(?:ssl|tls|mtls)-(?:cert|cn|dn|subject|verif|s-dn|fingerprint|serial)|^x-client-(?:cert|verif|dn|s-dn|subject|cn|common-name|certificate|fingerprint|serial|spiffe|identity)|^x-forwarded-(?:client-cert|tls-client-cert|ssl-client|user|email|groups)|^client-cert(?:-chain)?$|^x-(?:spiffe|svid)|^x-amzn-mtls-|^x-(?:remote|authenticated|auth-request)-(?:user|email|groups)$|^x-arr-clientcert$/

export function isIdentityField(name: string): boolean {
  return identity.test(name.toLowerCase().replaceAll('_', '-'))
}

const sourceName = /\.(?:rb|ru|rake|erb|haml|slim|py|js|mjs|cjs|ts|tsx|jsx|go|java|kt|php|ex|exs|cs|rs|scala|pl)$/i

/** Every rule about proxies asks, of the same tree. */
const known = new WeakMap<Tree, ReadonlyMap<string, IdentityFieldUse>>()

/** Where the tree's programs read such fields, the first use of each. Linear in the text of its sources. */
export function identityFieldUses(tree: Tree): ReadonlyMap<string, IdentityFieldUse> {
  const uses = known.get(tree) ?? findUses(tree)
  known.set(tree, uses)
  return uses
}

function findUses(tree: Tree): ReadonlyMap<string, IdentityFieldUse> {
  const uses = new Map<string, IdentityFieldUse>()
  for (const path of tree.paths) {
    if (!sourceName.test(path) || /(?:^|\/)(?:tests?|specs?|node_modules|vendor)\//.test(path)) continue
    const file = tree.isAbout(path, 'identity field') ? tree.file(path) : undefined
    if (!file) continue
    for (const match of file.text.matchAll(/(["'`])(HTTP_[A-Z0-9_]{3,60}|[A-Za-z0-9]+(?:-[A-Za-z0-9]+){1,8})\1/g)) {
      const [whole, , written = ''] = match
      const isFolded = written.startsWith('HTTP_')
      const field = (isFolded ? written.slice(5) : written).toLowerCase().replaceAll('_', '-')
      const before = uses.get(field)
      if (!identity.test(field) || (before && (before.isFolded || !isFolded))) continue
      uses.set(field, {
        field,
        file,
        start: match.index,
        end: match.index + whole.length,
        isFolded: isFolded || /\.(?:rb|ru|erb|php|py)$/.test(path),
      })
    }
  }
  return uses
}

/** Whether the tree holds programs at all, and not only configuration. */
export function hasSources(tree: Tree): boolean {
  return tree.paths.some((path) => sourceName.test(path))
}
