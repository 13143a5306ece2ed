import type { StartReader } from '../start-reader.ts'

export const procfile: StartReader = {
  id: 'procfile',
  title: 'Procfile',
  *read(tree) {
    for (const path of tree.paths) {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      const file = /(?:^|\/)Procfile(?:\.\w+)?$/.test(path) ? tree.file(path) : undefined
      for (const line of file?.text.matchAll(/^([\w-]+):[ \t]*(\S.*)$/gm) ?? []) {
        const start = line.index + line[0].length - (line[2]?.length ?? 0)
        const argv = (line[2] ?? '').trim().split(/\s+/)
        if (file)
          yield {
            from: 'procfile',
            file,
            start,
            end: line.index + line[0].length,
            argv,
            environment: new Map(),
            folder,
          }
      }
    }
  },
  documentation: 'https://devcenter.heroku.com/articles/procfile',
}
