import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Start } from '../deployment.ts'
import { findFile, findFolder, folderAbove } from '../find-file.ts'
import { readEnvironmentFile } from '../read-environment-file.ts'
import { splitCommands } from '../split-commands.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

export const systemd: StartReader = {
  id: 'systemd',
  title: 'systemd unit',
  *read(tree) {
    for (const path of tree.paths) {
      if (!/\.service(?:\.(?:erb|tt|example|sample|in))?$|\.service\.d\/[^/]+\.conf$/.test(path)) continue
      const file = tree.file(path)
      if (file) yield* unitStarts(tree, file)
    }
  },
  documentation: 'https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html',
}

interface Setting {
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
}

function* unitStarts(tree: Tree, file: SourceFile): Iterable<Start> {
  const settings = settingsOf(file.text)
  const environment = new Map<string, string>()
  const last = (name: string) => settings.findLast((setting) => setting.name === name)?.value
  for (const { name, value } of settings) {
    if (name === 'EnvironmentFile') {
      const path = findFile(tree, '', value.replace(/^-/, ''))
      const text = path === undefined ? undefined : tree.file(path)?.text
      for (const [key, given] of readEnvironmentFile(text ?? '')) environment.set(key, given)
    } else if (name === 'Environment') {
      for (const word of splitCommands(value, new Map()).flatMap(({ words, assignments }) => [
        ...assignments.map(([key, given]) => `${key}=${given}`),
        ...words,
      ])) {
        const [, key, given] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
        if (key !== undefined) environment.set(key, given ?? '')
      }
    }
  }
  const folder = findFolder(tree, last('WorkingDirectory')?.replace(/^-/, ''), folderAbove(tree, file.path))
  const instance = /@([^/]*)\.service/.exec(file.path)?.[1] ?? ''
  for (const { name, value, start, end } of settings) {
    if (name !== 'ExecStart') continue
    // Prefixes change who runs it and how its failure counts, never what is run.
    const text = value
      .replace(/^[-@:+!|]+/, '')
      .replaceAll('%i', instance)
      .replaceAll('%%', '%')
    // No shell: only variables and quotes are understood, and a semicolon is a word.
    const [command] = splitCommands(text.replace(/(^|\s)\\?[;&|]/g, '$1 '), environment)
    if (command) yield* startsOf(tree, command.words, { from: 'systemd', file, start, end, environment, folder })
  }
}

/** `Name=value` lines; a backslash at a line's end joins the next. */
function settingsOf(text: string): Setting[] {
  const settings: Setting[] = []
  for (let at = 0; at < text.length; ) {
    const start = at
    let value = ''
    let end = at
    while (at < text.length) {
      const lineFeed = text.indexOf('\n', at)
      end = lineFeed === -1 ? text.length : lineFeed
      const line = text.slice(at, end).trimEnd()
      at = end + 1
      const joins = line.endsWith('\\')
      value += joins ? `${line.slice(0, -1)} ` : line
      if (!joins) break
    }
    const [, name, given] = /^\s*([A-Za-z]{1,40})\s*=\s*(.*)$/s.exec(value) ?? []
    if (name !== undefined && given !== undefined) settings.push({ name, value: given.trim(), start, end })
  }
  return settings
}
