import { limits } from '../../../limits.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Start } from '../deployment.ts'
import { folderOf } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { mayServe, startsOf } from '../starts-of.ts'

/** Recipes of Make and Just, and `sh` and `exec` in Rake: mostly what developers start. */
export const task: StartReader = {
  id: 'task',
  title: 'Makefile, Justfile, Rakefile',
  *read(tree) {
    for (const path of tree.paths) {
      const isRake = /(?:^|\/)Rakefile$|\.rake$/.test(path)
      if (!isRake && !/(?:^|\/)(?:GNUmakefile|[Mm]akefile|\.?[Jj]ustfile)$/.test(path)) continue
      const file = tree.file(path)
      if (!file || file.text.length > limits.scanScriptBytesMax) continue
      yield* isRake ? commandsIn(tree, file, rakeCommand) : commandsIn(tree, file, recipeLine)
    }
  },
  documentation: 'https://www.gnu.org/software/make/manual/html_node/Recipes.html',
}

const recipeLine = /^(?:\t|[ ]{2,8})[@+-]{0,3}(\S[^\n]*)$/gm
const rakeCommand = /^[ \t]*(?:sh|exec|system|ruby)[ (]+["']([^"'\n]+)["']/gm

function* commandsIn(tree: Tree, file: SourceFile, pattern: RegExp): Iterable<Start> {
  for (const match of file.text.matchAll(pattern)) {
    const command = (match[1] ?? '').trimEnd()
    const start = match.index + match[0].indexOf(command)
    const place = {
      from: 'task',
      file,
      start,
      end: start + command.length,
      environment: new Map<string, string>(),
      folder: folderOf(file.path),
      isDevelopment: true,
    }
    for (const found of startsOf(tree, command.replaceAll('$$', '$'), place)) if (mayServe(found)) yield found
  }
}
