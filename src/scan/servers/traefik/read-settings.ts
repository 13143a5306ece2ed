import { type ConfigurationNode, entriesAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { templateText } from '../../configuration/template-text.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'

export interface Setting {
  readonly value: string
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** Traefik has one tree of settings, whether in YAML, TOML, labels or arguments: paths in lower case, with dots. */
export type Settings = ReadonlyMap<string, Setting>

/** The settings of all files of the tree that configure Traefik. Of TOML, tables with texts, numbers and lists are read. */
export function readSettings(tree: Tree, gap: (sentence: string) => void): Settings {
  const settings = new Map<string, Setting>()
  for (const path of tree.paths) {
    const isYaml = /\.ya?ml$/i.test(path)
    const isRead = (isYaml || /\.toml$/i.test(path)) && tree.isAbout(path, 'traefik')
    const file = isRead ? tree.file(path) : undefined
    if (!file || !isTraefik(path, file.text)) continue
    if (!isYaml) readToml(file, settings)
    else {
      const { documents, problems } = readYaml(templateText(file.text))
      for (const { start, says } of problems)
        gap(`${path}:${file.place(start, start).line}: ${says}; this Traefik configuration was not judged`)
      for (const document of documents) {
        if (/^[ \t]*(?:http|tcp|tls|entry[Pp]oints):/m.test(file.text)) flatten(file, document, '', settings)
        readWords(file, document, settings)
      }
    }
  }
  return settings
}

/** A file of its own, or labels and arguments in somebody else's. */
function isTraefik(path: string, text: string): boolean {
  if (/\btraefik\.(?:http|tcp|tls)\./.test(text) || /--entry[Pp]oints\./.test(text)) return true
  return (
    /^[ \t]*\[?"?entry[Pp]oints\b/m.test(text) ||
    (/\b(?:routers|clientAuth|serversTransports)\b/.test(text) &&
      (/traefik/i.test(path) || /\b(?:clientAuthType|entryPoints|loadBalancer)\b/.test(text)))
  )
}

function flatten(file: SourceFile, node: ConfigurationNode, path: string, settings: Map<string, Setting>): void {
  const stack: [ConfigurationNode, string][] = [[node, path]]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [at, name] = next
    const { start, end } = at
    if (at.kind === 'scalar') settings.set(name, { value: String(at.value ?? ''), file, start, end })
    else if (at.kind === 'list') {
      const texts = at.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []))
      if (texts.length > 0) settings.set(name, { value: texts.join(','), file, start, end })
      for (const [i, item] of at.items.entries()) if (item.kind !== 'scalar') stack.push([item, `${name}.${i}`])
    } else {
      if (at.entries.size === 0) settings.set(name, { value: '', file, start, end })
      for (const [key, { value }] of entriesAt(at))
        stack.push([value, name === '' ? key.toLowerCase() : `${name}.${key.toLowerCase()}`])
    }
  }
}

/** Labels and arguments: `traefik.http.routers.app.tls=true`, `--entrypoints.web.address=:80`, as a text or as a key. */
function readWords(file: SourceFile, document: ConfigurationNode, settings: Map<string, Setting>): void {
  const stack: ConfigurationNode[] = [document]
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === 'list') stack.push(...next.items)
    else if (next.kind === 'map')
      for (const [key, { value, keyStart }] of next.entries) {
        stack.push(value)
        if (/^traefik\./i.test(key) && value.kind === 'scalar')
          settings.set(key.slice(8).toLowerCase(), {
            value: String(value.value ?? ''),
            file,
            start: keyStart,
            end: value.end,
          })
      }
    else if (typeof next.value === 'string') {
      const word = /^(?:traefik\.|--)([\w.@-]{1,200})(?:=(.*))?$/s.exec(next.value)
      if (word)
        settings.set((word[1] ?? '').toLowerCase(), {
          value: word[2] ?? 'true',
          file,
          start: next.start,
          end: next.end,
        })
    }
  }
}

function readToml(file: SourceFile, settings: Map<string, Setting>): void {
  let table = ''
  let from = 0
  for (const line of file.text.split('\n')) {
    const start = from
    from += line.length + 1
    const head = /^\s*\[\[?([^\]]{1,200})\]\]?\s*(?:#.*)?$/.exec(line)
    if (head) {
      table = keyText(head[1] ?? '')
      settings.set(table, { value: '', file, start, end: start + line.length })
      continue
    }
    const equals = line.indexOf('=')
    const key = equals === -1 ? '' : line.slice(0, equals).trim()
    if (key === '' || key.startsWith('#')) continue
    const value = line.slice(equals + 1).trim()
    const texts = [...value.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? '')
    const valueStart = start + line.indexOf(value, equals + 1)
    const name = table === '' ? keyText(key) : `${table}.${keyText(key)}`
    settings.set(name, {
      value: texts.length > 0 ? texts.join(',') : value.replace(/\s*#.*$/, ''),
      file,
      start: valueStart,
      end: valueStart + value.length,
    })
  }
}

function keyText(key: string): string {
  return key.replace(/["'\s]/g, '').toLowerCase()
}
