import type { Catalogue } from '../catalogue.ts'
import { isText } from '../content.ts'
import { placeSecrets, type SecretLiteral } from '../literals/place-secrets.ts'
import { sourceFile } from '../source-file.ts'
import type { ChangedFile, Comparison } from './compare-trees.ts'
import type { ObjectLookup } from './object-lookup.ts'

/** The secrets of changed files that neither their versions before have, nor any file that was taken away. */
export interface NewSecrets {
  secretsOf(file: ChangedFile, shownPath: string): readonly SecretLiteral[]
  readonly unread: number
}

export function newSecrets({ removed }: Comparison, objects: ObjectLookup, catalogue: Catalogue): NewSecrets {
  const { finder, kinds, mask } = catalogue
  let unread = 0
  let moved: ReadonlySet<string> | undefined
  const contentOf = (id: string) => {
    const object = objects.read(id)
    if (typeof object !== 'string') return object.content
    unread++
    return undefined
  }
  const digestsOf = (ids: readonly string[], path: string) =>
    new Set(
      ids.flatMap((id) => finder.findSecrets(contentOf(id) ?? new Uint8Array(), path).map(({ digest }) => digest)),
    )
  return {
    secretsOf({ path, id, before }, shownPath) {
      const content = contentOf(id)
      const found = content ? finder.findSecrets(content, path) : []
      if (!content || found.length === 0) return []
      const old = digestsOf(before, path)
      // A file that was renamed has nothing new.
      moved ??= digestsOf(removed, path)
      const added = found.filter(({ digest }) => !old.has(digest) && !moved?.has(digest))
      const shown = mask(shownPath)
      // Of what is not text nothing is quoted.
      const file = isText(content)
        ? sourceFile(shown, content, mask)
        : sourceFile(shown, content.toString('latin1'), () => '')
      return placeSecrets(added, file, kinds, content)
    },
    get unread() {
      return unread
    },
  }
}
