import { limits } from '../../../limits.ts'
import { folderAbove } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { interpreterOf, mayServe, startsOf } from '../starts-of.ts'

const skipped = /(?:^|\/)(?:vendor|node_modules|spec|test|tests|\.github|\.git)\//

/** Shell scripts that people run: in bin/ and script/, run scripts of runit and s6, and those that end in `.sh`. */
export const script: StartReader = {
  id: 'script',
  title: 'Shell script',
  *read(tree) {
    for (const path of tree.paths) {
      const isPlaced = /(?:^|\/)(?:bin|scripts?|exe)\/[^/.]+$|(?:^|\/)(?:sv|service|services|runit)\/[^/]+\/run$/.test(
        path,
      )
      if ((!isPlaced && !path.endsWith('.sh')) || skipped.test(path)) continue
      const file = tree.file(path)
      if (!file || file.text.length > limits.scanScriptBytesMax || interpreterOf(path, file.text) !== 'sh') continue
      const place = { from: 'script', file, environment: new Map<string, string>(), folder: folderAbove(tree, path) }
      const places = new Map<string, { readonly start: number; readonly end: number }>()
      for (const start of startsOf(tree, file.text, { ...place, start: 0, end: 0 })) {
        if (!mayServe(start)) continue
        const program = start.argv[0] ?? ''
        const at = places.get(program) ?? placeIn(file.text, program)
        places.set(program, at)
        yield { ...start, ...at }
      }
    }
  },
  documentation: 'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html',
}

/** The line of a script that names the program; the first where none does: another script starts it. */
function placeIn(text: string, program: string): { readonly start: number; readonly end: number } {
  const lines = text.matchAll(/^[^\n]+$/gm)
  for (const line of lines) {
    if (/^\s*#/.test(line[0]) || !line[0].split(/[\s"'/;&|]+/).includes(program)) continue
    const start = line.index + line[0].search(/\S/)
    return { start, end: line.index + line[0].trimEnd().length }
  }
  return { start: 0, end: Math.max(0, text.indexOf('\n')) }
}
