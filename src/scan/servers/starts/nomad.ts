import { findFolder } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

export const nomad: StartReader = {
  id: 'nomad',
  title: 'Nomad job',
  *read(tree) {
    for (const path of tree.paths) {
      const file = /\.(?:nomad|hcl)$/.test(path) ? tree.file(path) : undefined
      if (!file || !/^\s*task\s+"/m.test(file.text)) continue
      for (const { text, at } of blocks(file.text, /\btask\s+"[^"\n]*"\s*\{/g)) {
        const [config] = blocks(text, /\bconfig\s*\{/g)
        if (!config) continue
        const words = [
          ...list(config.text, 'entrypoint'),
          ...list(config.text, 'command'),
          ...list(config.text, 'args'),
        ]
        const place = /\b(?:command|args|entrypoint)\s*=/.exec(config.text)
        if (words.length === 0 || !place) continue
        const start = at + config.at + place.index
        yield* startsOf(tree, words, {
          from: 'nomad',
          file,
          start,
          end: start + place[0].length,
          environment: environmentOf(text),
          folder: findFolder(tree, list(config.text, 'work_dir')[0], ''),
          isContained: /\bdriver\s*=\s*"(?:docker|podman|containerd-driver)"/.test(text),
        })
      }
    }
  },
  documentation: 'https://developer.hashicorp.com/nomad/docs/job-specification/task',
}

interface Block {
  /** What stands between the braces. */
  readonly text: string
  readonly at: number
}

/** The blocks that begin so, to the brace that closes them; a brace in a text that is not closed ends none. Linear. */
function blocks(text: string, opens: RegExp): readonly Block[] {
  const found: Block[] = []
  let until = 0
  for (const match of text.matchAll(opens)) {
    if (match.index < until) continue
    const at = match.index + match[0].length
    let depth = 1
    let end = at
    for (; end < text.length && depth > 0; end++)
      if (text[end] === '{') depth++
      else if (text[end] === '}') depth--
    until = end
    found.push({ text: text.slice(at, end - 1), at })
  }
  return found
}

/** The texts that a setting has: one, or a list. */
function list(text: string, name: string): readonly string[] {
  const [, value = ''] = new RegExp(`(?:^|\\n)\\s*${name}\\s*=\\s*(\\[[^\\]]*\\]|"[^"\\n]*")`).exec(text) ?? []
  return [...value.matchAll(/"([^"\n]*)"/g)].map(([, item = '']) => item)
}

function environmentOf(text: string): ReadonlyMap<string, string> {
  const [block] = blocks(text, /\benv\s*=?\s*\{/g)
  const environment = new Map<string, string>()
  for (const [, name, value] of (block?.text ?? '').matchAll(/^\s*"?(\w+)"?\s*=\s*"([^"\n]*)"/gm))
    if (name !== undefined && value !== undefined) environment.set(name, value)
  return environment
}
