import { entriesAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import type { Start } from '../deployment.ts'
import { folderOf } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { mayServe, startsOf } from '../starts-of.ts'

export const packageScripts: StartReader = {
  id: 'package-scripts',
  title: 'package.json scripts',
  read(tree) {
    const starts: Start[] = []
    for (const path of tree.paths) {
      const file = /(?:^|\/)package\.json$/.test(path) ? tree.file(path) : undefined
      // Only where a server of ours is named: the parser is not loaded for every package.
      if (!file || !/"[^"\n]*\b(?:puma|thin|unicorn|rackup|rails|falcon|ruby)\b/.test(file.text)) continue
      const { documents } = readYaml(file.text)
      for (const [name, { value }] of entriesAt(documents[0], 'scripts')) {
        const place = {
          from: 'package-scripts',
          file,
          start: value.start,
          end: value.end,
          environment: new Map<string, string>(),
          folder: folderOf(path),
          ...(/dev|test|watch/.test(name) ? { isDevelopment: true } : {}),
        }
        starts.push(...startsOf(tree, textAt(value) ?? '', place).filter(mayServe))
      }
    }
    return starts
  },
  documentation: 'https://docs.npmjs.com/cli/using-npm/scripts',
}
