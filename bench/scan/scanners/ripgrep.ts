import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadKinds } from '../../../src/keys/load-kinds.ts'
import { pathWithin, type Scanner } from '../scanner.ts'

const kinds = await loadKinds()

/**
 * The shapes of all key kinds, as somebody would search for them by hand: no checksum, no look at what is around. Its
 * expressions know no `\/`, no looking around and no bare bracket in a class, and become huge by a high count.
 */
function patterns(): string {
  return kinds
    .flatMap(({ shape }) => (shape ? [shape.pattern.source] : []))
    .filter((source) => !/\(\?[=!<]/.test(source) && !/\[(?:[^\]\\]|\\.)*\[/.test(source))
    .map((source) => source.replaceAll('\\/', '/').replace(/\{(\d+),\d{4,}\}/g, '{$1,}'))
    .join('\n')
}

/** The floor: reads every byte, and knows nothing of what it finds. */
export const ripgrep: Scanner = {
  name: 'ripgrep',
  readings: ['code', 'text'],
  joinsFiles: false,
  program: 'rg',
  versionArguments: ['--version'],
  install: [['apt-get', 'install', '--yes', '--no-install-recommends', 'ripgrep']],
  howToInstall: 'apt-get install ripgrep',
  command(program, { folder, home }) {
    const file = join(home, 'patterns')
    writeFileSync(file, patterns())
    return [program, '--no-config', '--hidden', '--no-heading', '--line-number', '--file', file, folder]
  },
  doneWith: [0, 1],
  parse: (report, { folder }) =>
    report.split('\n').flatMap((text) => {
      const [, file, line] = /^(.+?):(\d+):/.exec(text) ?? []
      return file === undefined ? [] : [{ file: pathWithin(folder, file), line: Number(line), rule: 'match' }]
    }),
}
