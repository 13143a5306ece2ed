import { diskReader } from '../../src/scan/read-disk.ts'
import { walkFiles } from '../../src/scan/walk-files.ts'

/** The text files that a scan of the folder reads, sorted by path. */
export function readTree(folder: string): { readonly path: string; readonly text: string }[] {
  return [...walkFiles(folder, '', { gaps: [], ignored: 0 })]
    .flatMap((file) => {
      const content = diskReader.content(file)
      return content.kind === 'text' ? [{ path: file.path, text: Buffer.from(content.bytes).toString() }] : []
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
