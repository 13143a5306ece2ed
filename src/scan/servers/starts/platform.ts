import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Start } from '../deployment.ts'
import { folderOf, joinPath } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

/** Platforms that run an app from a file of its own: Render, Fly, Railway, Heroku, App Engine. */
export const platform: StartReader = {
  id: 'platform',
  title: 'render.yaml, fly.toml, railway.json, app.json, app.yaml',
  read(tree) {
    const starts: Start[] = []
    for (const path of tree.paths) {
      const [, name] =
        /(?:^|\/)(render\.ya?ml|fly\.toml|railway\.(?:json|toml)|heroku\.yml|app\.ya?ml)$/.exec(path) ?? []
      const file = name === undefined ? undefined : tree.file(path)
      if (!file || name === undefined) continue
      if (name.endsWith('.toml')) starts.push(...tomlStarts(tree, file))
      else for (const document of readYaml(file.text).documents) starts.push(...documentStarts(tree, file, document))
    }
    return starts
  },
  documentation: 'https://render.com/docs/blueprint-spec',
}

function documentStarts(tree: Tree, file: SourceFile, document: ConfigurationNode): Start[] {
  const folder = folderOf(file.path)
  const services = itemsAt(document, 'services').flatMap((service) =>
    startAt(tree, file, nodeAt(service, 'startCommand'), joinPath(folder, textAt(service, 'rootDir') ?? ''), service),
  )
  const others = [
    nodeAt(document, 'deploy', 'startCommand'),
    // App Engine's app.yaml: `entrypoint` beside `runtime`.
    nodeAt(document, 'runtime') && nodeAt(document, 'entrypoint'),
    ...entriesAt(document, 'run').map(([, { value }]) => value),
  ]
  return [...services, ...others.flatMap((node) => startAt(tree, file, node, folder, document))]
}

function startAt(
  tree: Tree,
  file: SourceFile,
  node: ConfigurationNode | undefined,
  folder: string,
  service: ConfigurationNode,
): Start[] {
  const command = textAt(node)
  if (!node || command === undefined) return []
  const environment = new Map<string, string>()
  for (const item of itemsAt(service, 'envVars')) {
    const [key, value] = [textAt(item, 'key'), textAt(item, 'value')]
    if (key !== undefined && value !== undefined) environment.set(key, value)
  }
  for (const [key, { value }] of entriesAt(service, 'env_variables')) environment.set(key, textAt(value) ?? '')
  return startsOf(tree, command, { from: 'platform', file, start: node.start, end: node.end, environment, folder })
}

/** `[processes]` of fly.toml and `startCommand` of railway.toml; texts in simple quotes. */
function tomlStarts(tree: Tree, file: SourceFile): Start[] {
  const starts: Start[] = []
  const environment = new Map<string, string>()
  let section = ''
  for (const line of file.text.matchAll(/^[^\n]*$/gm)) {
    const [, header] = /^\s*\[\[?([\w.-]+)\]/.exec(line[0]) ?? []
    section = header ?? section
    const [, key, value] = /^\s*"?([\w-]+)"?\s*=\s*["']([^"'\n]*)["']/.exec(line[0]) ?? []
    if (key === undefined || value === undefined) continue
    if (section === 'env') environment.set(key, value)
    else if (section === 'processes' || key === 'startCommand') {
      const start = line.index + line[0].search(/\S/)
      const place = { from: 'platform', file, start, end: line.index + line[0].trimEnd().length }
      starts.push(...startsOf(tree, value, { ...place, environment, folder: folderOf(file.path), isContained: true }))
    }
  }
  return starts
}
