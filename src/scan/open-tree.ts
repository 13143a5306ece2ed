import { limits } from '../limits.ts'
import type { Content, Reader } from './content.ts'
import type { FileReferences } from './file-references.ts'
import type { Expression } from './form.ts'
import type { Masker } from './mask-source.ts'
import { asSource, type Parsers } from './open-parsers.ts'
import { recentlyUsed } from './recently-used.ts'
import { type SourceFile, sourceFile } from './source-file.ts'
import { isAbout, type Topics, topicsOf } from './topics.ts'
import type { Tree } from './tree.ts'

/** What is known of a file without reading it. */
export interface KnownFile {
  readonly mode: number | undefined
  readonly topics?: Topics
}

/**
 * A tree whose files are read when they are asked for, and again when they were let go meanwhile: of a large tree only
 * what was used last is held. `known` is what examining the files has told.
 */
export function openTree(
  references: FileReferences,
  known: ReadonlyMap<string, KnownFile>,
  reader: Reader,
  mask: Masker,
  parsers: Parsers,
): Tree {
  const contents = recentlyUsed<Content>(limits.scanHeldBytesMax, (content) =>
    'bytes' in content ? content.bytes.length : 0,
  )
  const forms = recentlyUsed<{ readonly form: Expression | undefined; readonly bytes: number }>(
    limits.scanHeldSourceBytesMax,
    ({ bytes }) => bytes,
  )
  // One object a file, however often its text is let go: what was found refers to it.
  const sources = new Map<string, SourceFile | undefined>()
  const paths = [...references.keys()].sort()
  const contentOf = (path: string): Content | undefined => {
    const reference = references.get(path)
    return reference && contents.get(path, () => asSource(reader.content(reference), path, parsers))
  }
  const bytesOf = (path: string): Uint8Array | undefined => {
    const content = contentOf(path)
    return content && 'bytes' in content ? content.bytes : undefined
  }
  const file = (path: string): SourceFile | undefined => {
    if (sources.has(path)) return sources.get(path)
    const source =
      contentOf(path)?.kind === 'text' ? sourceFile(path, () => bytesOf(path) ?? new Uint8Array(), mask) : undefined
    sources.set(path, source)
    return source
  }
  const topicsIn = (path: string): Topics => {
    const source = file(path)
    return source ? topicsOf(source.bytes) : 0
  }
  return {
    paths,
    file,
    bytes: bytesOf,
    mode: (path) => known.get(path)?.mode ?? contentOf(path)?.mode,
    isAbout(path, topic) {
      const topics = known.get(path)?.topics ?? topicsIn(path)
      return isAbout(topics, topic)
    },
    form(path) {
      const source = file(path)
      if (!source || source.bytes.length > limits.scanSourceBytesMax) return undefined
      const parse = () => ({
        form: parsers.opened(path, source.bytes)?.parse(source.text, path).program,
        bytes: source.bytes.length,
      })
      return forms.get(path, parse).form
    },
  }
}
