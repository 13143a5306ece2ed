import { languages } from '../../src/scan/languages/languages.ts'
import { sourceFile } from '../../src/scan/source-file.ts'
import { isAbout, topicsOf } from '../../src/scan/topics.ts'
import type { Tree } from '../../src/scan/tree.ts'

/** A tree of these files, for tests: as the scanner makes it, without masks. */
export async function scratchTree(files: Readonly<Record<string, string>>): Promise<Tree> {
  const sources = new Map(Object.entries(files).map(([path, text]) => [path, sourceFile(path, text, (same) => same)]))
  const parsers = await Promise.all(languages.map(async (language) => ({ language, parser: await language.open() })))
  return {
    paths: [...sources.keys()].sort(),
    file: (path) => sources.get(path),
    bytes: (path) => (sources.has(path) ? Buffer.from(sources.get(path)?.text ?? '') : undefined),
    mode: () => undefined,
    isAbout: (path, topic) => isAbout(topicsOf(Buffer.from(sources.get(path)?.text ?? '')), topic),
    form(path) {
      const source = sources.get(path)
      const found = parsers.find(({ language }) => language.reads(path))
      return source && found?.parser.parse(source.text, path).program
    },
  }
}
