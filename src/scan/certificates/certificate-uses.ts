import { findFile } from '../servers/find-file.ts'
import { findIncluded } from '../servers/find-included.ts'
import type { Listener } from '../servers/listener.ts'
import type { NamedFile } from '../servers/proxy.ts'
import type { Tree } from '../tree.ts'

export interface CertificateUse {
  /** Of the tree; undefined where the file that is named is not in it. */
  readonly path: string | undefined
  readonly named: NamedFile
}

export interface CertificateUses {
  /** What clients are verified against. */
  readonly authorities: readonly CertificateUse[]
  /** What listeners show. */
  readonly servers: readonly CertificateUse[]
}

/** Files that the tree's configurations name for their listeners, each naming once. */
export function certificateUses(tree: Tree, listeners: readonly Listener[]): CertificateUses {
  const used = (pick: (listener: Listener) => NamedFile | undefined) => {
    const seen = new Map<string, CertificateUse>()
    for (const listener of listeners) {
      const named = pick(listener)
      if (named) seen.set(`${named.file.path}:${named.start}`, { named, path: resolved(tree, named, listener) })
    }
    return [...seen.values()]
  }
  return {
    authorities: used((listener) =>
      listener.clients === 'not asked' ? undefined : (listener.proxy ?? listener).authority,
    ),
    servers: used((listener) => (listener.transport === 'tls' ? (listener.proxy ?? listener).certificate : undefined)),
  }
}

/** A program's own server names files from the folder that it runs in. */
function resolved(tree: Tree, { file, path }: NamedFile, { proxy, folder }: Listener): string | undefined {
  const own = proxy || folder === undefined ? undefined : findFile(tree, folder, path)
  return own ?? findIncluded(tree, file.path, file.path, path)[0]
}
