import { folderOf } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'
import { baseName } from '../unwrap-command.ts'

/** A config.ru that can be run itself: `#!/usr/bin/env rackup`, `#\ -s thin -p 80` (options that old rackup read there). */
export const shebang: StartReader = {
  id: 'shebang',
  title: 'First line of config.ru',
  *read(tree) {
    for (const path of tree.paths) {
      const file = path.endsWith('.ru') ? tree.file(path) : undefined
      const [line, command, options] = /^#!([^\n]+)|^#\\([^\n]+)/.exec(file?.text ?? '') ?? []
      if (!file || line === undefined) continue
      const place = { from: 'shebang', file, start: 0, end: line.length, environment: new Map<string, string>() }
      yield* startsOf(tree, `${command ?? `rackup ${options ?? ''}`} ${baseName(path)}`, {
        ...place,
        folder: folderOf(path),
      })
    }
  },
  documentation: 'https://github.com/rack/rackup',
}
