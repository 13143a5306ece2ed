import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Start } from '../deployment.ts'
import { commandOf, dockerfileIn, type Image, readDockerfile } from '../dockerfile.ts'
import { findFolder, folderOf, joinPath } from '../find-file.ts'
import { readEnvironmentFile } from '../read-environment-file.ts'
import { splitCommands } from '../split-commands.ts'
import type { StartReader } from '../start-reader.ts'
import { type Command, type StartPlace, startsOf } from '../starts-of.ts'

export const compose: StartReader = {
  id: 'compose',
  title: 'Compose file',
  read(tree, gap) {
    const starts: Start[] = []
    for (const path of tree.paths) {
      if (!/(?:^|\/)(?:docker-|podman-)?compose(?:[.-][\w.-]+)?\.ya?ml$/.test(path)) continue
      const file = tree.file(path)
      if (!file) continue
      const { documents, problems } = readYaml(file.text)
      const [problem] = problems
      if (problem) gap(`${path}: ${problem.says}; what it starts is not known`)
      for (const document of documents)
        for (const [name, { value }] of entriesAt(document, 'services'))
          starts.push(...serviceStarts(tree, file, name, value))
    }
    return starts
  },
  documentation: 'https://docs.docker.com/reference/compose-file/services/',
}

function serviceStarts(tree: Tree, file: SourceFile, name: string, service: ConfigurationNode): Start[] {
  const base = folderOf(file.path)
  const built = builtImage(tree, base, service)
  const command = commandAt(service, 'command')
  const entrypoint = commandAt(service, 'entrypoint')
  const wholeEntrypoint = entrypoint ?? built?.image.entrypoint?.command
  // An entry point of its own takes no command of the image's.
  const wholeCommand = command ?? (entrypoint === undefined ? built?.image.command?.command : undefined)
  const whole = commandOf(wholeEntrypoint, wholeCommand)
  if (whole === undefined) return []
  const node = nodeAt(service, 'command') ?? nodeAt(service, 'entrypoint') ?? service
  const context = built?.image.folder ?? base
  const place: StartPlace = {
    from: 'compose',
    file,
    start: node.start,
    end: node === service ? node.start + name.length : node.end,
    environment: environmentOf(tree, base, service, built?.image.environment),
    folder: findFolder(tree, textAt(service, 'working_dir'), context),
    isContained: textAt(service, 'network_mode') !== 'host',
    publishes: itemsAt(service, 'ports').flatMap(publishedPorts),
    service: name,
    ...(/(?:override|dev|development|local|test|ci)\.ya?ml$/.test(file.path) ? { isDevelopment: true } : {}),
  }
  return startsOf(tree, whole, place)
}

function builtImage(
  tree: Tree,
  base: string,
  service: ConfigurationNode,
): { readonly image: Image; readonly file: SourceFile } | undefined {
  const context = textAt(service, 'build') ?? textAt(service, 'build', 'context')
  if (context === undefined) return undefined
  const folder = joinPath(base, context)
  const file = dockerfileIn(tree, folder, textAt(service, 'build', 'dockerfile'))
  const image = file && readDockerfile(tree, file, folder, textAt(service, 'build', 'target'))
  return image && { image, file }
}

/** A text is split as a shell would, but no shell runs it; a list is words. */
function commandAt(service: ConfigurationNode, key: string): Command | undefined {
  const text = textAt(service, key)
  if (text !== undefined) return splitCommands(text.replace(/\n/g, ' '), new Map())[0]?.words ?? []
  const items = itemsAt(service, key)
  return items.length === 0 ? undefined : items.map((item) => unescaped(textAt(item) ?? ''))
}

/** `$$` is a dollar sign; `${PORT:-80}` is filled in before the container is made. */
function unescaped(text: string): string {
  return text
    .replace(/\$\{([A-Za-z_]\w{0,80}):?-([^}]*)\}/g, (_whole, _name, fallback: string) => fallback)
    .replaceAll('$$', '$')
}

function environmentOf(
  tree: Tree,
  base: string,
  service: ConfigurationNode,
  ofImage: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const environment = new Map(ofImage)
  const files =
    textAt(service, 'env_file') ?? itemsAt(service, 'env_file').map((item) => textAt(item) ?? textAt(item, 'path'))
  for (const path of [files].flat()) {
    const file = path === undefined ? undefined : tree.file(joinPath(base, path))
    for (const [name, value] of readEnvironmentFile(file?.text ?? '')) environment.set(name, value)
  }
  for (const [name, { value }] of entriesAt(service, 'environment')) {
    const text = textAt(value)
    if (text !== undefined) environment.set(name, unescaped(text))
  }
  for (const item of itemsAt(service, 'environment')) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(textAt(item) ?? '') ?? []
    if (name !== undefined) environment.set(name, unescaped(value ?? ''))
  }
  return environment
}

/** `8443`, `"443:8443"`, `"127.0.0.1:443:8443/tcp"`, and the long form. A port without a host's is open on a random one. */
function publishedPorts(item: ConfigurationNode): NonNullable<Start['publishes']> {
  const long = textAt(item, 'target')
  if (long !== undefined) {
    const inside = Number(long)
    const host = Number(textAt(item, 'published') ?? 0)
    return Number.isInteger(inside) ? [{ host, inside, address: textAt(item, 'host_ip') ?? '0.0.0.0' }] : []
  }
  const text = unescaped(textAt(item) ?? '').replace(/\/\w+$/, '')
  const [, address, host, inside] = /^(?:(\[[\da-f:]+\]|[\d.]+):)?(?:(\d+)?:)?(\d+)$/.exec(text) ?? []
  if (inside === undefined) return []
  return [{ host: Number(host ?? 0), inside: Number(inside), address: address ?? '0.0.0.0' }]
}
