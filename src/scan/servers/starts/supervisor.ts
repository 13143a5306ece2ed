import type { SourceFile } from '../../source-file.ts'
import { findFolder, folderAbove } from '../find-file.ts'
import { splitCommands } from '../split-commands.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

export const supervisor: StartReader = {
  id: 'supervisor',
  title: 'supervisord.conf',
  *read(tree) {
    for (const path of tree.paths) {
      const file = /\.(?:conf|ini)$/.test(path) ? tree.file(path) : undefined
      if (!file || !/^\[program:/m.test(file.text)) continue
      for (const settings of programs(file)) {
        const command = settings.get('command')
        if (!command) continue
        const given = settings.get('environment')?.value.replaceAll(',', ' ') ?? ''
        const environment = new Map(splitCommands(given, new Map()).flatMap(({ assignments }) => assignments))
        const [words] = splitCommands(command.value, environment)
        yield* startsOf(tree, words?.words ?? [], {
          from: 'supervisor',
          file,
          start: command.start,
          end: command.end,
          environment,
          folder: findFolder(tree, settings.get('directory')?.value, folderAbove(tree, path)),
        })
      }
    }
  },
  documentation: 'https://supervisord.org/configuration.html#program-x-section-settings',
}

interface Setting {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** The settings of each `[program:x]` section. */
function programs(file: SourceFile): ReadonlyMap<string, Setting>[] {
  const found: Map<string, Setting>[] = []
  let section: Map<string, Setting> | undefined
  for (const line of file.text.matchAll(/^[^\n]+$/gm)) {
    const text = line[0].trimEnd()
    if (text.startsWith('[')) {
      section = text.startsWith('[program:') ? new Map() : undefined
      if (section) found.push(section)
    }
    const [, name, value] = /^(\w{1,40})[ \t]*=[ \t]*(\S.*)$/.exec(text) ?? []
    if (section && name !== undefined && value !== undefined)
      section.set(name, { value, start: line.index, end: line.index + text.length })
  }
  return found
}
