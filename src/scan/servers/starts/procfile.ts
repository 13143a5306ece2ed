import { folderOf } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

/** Foreman, Overmind, Hivemind and Heroku read it; the port is theirs to choose. */
export const procfile: StartReader = {
  id: 'procfile',
  title: 'Procfile',
  *read(tree) {
    for (const path of tree.paths) {
      if (!/(?:^|\/)Procfile(?:\.[\w-]+)?$/.test(path)) continue
      const file = tree.file(path)
      for (const line of file?.text.matchAll(/^([\w-]{1,80})[ \t]*:[ \t]*(\S.*)$/gm) ?? []) {
        const command = (line[2] ?? '').trimEnd()
        const start = line.index + line[0].length - (line[2]?.length ?? 0)
        if (file)
          yield* startsOf(tree, command, {
            from: 'procfile',
            file,
            start,
            end: start + command.length,
            environment: new Map(),
            folder: folderOf(path),
            ...(/\.(?:dev|development|local|test)$/.test(path) ? { isDevelopment: true } : {}),
          })
      }
    }
  },
  documentation: 'https://devcenter.heroku.com/articles/procfile',
}
