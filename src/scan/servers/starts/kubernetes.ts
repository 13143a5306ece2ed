import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { templateText } from '../../configuration/template-text.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Start } from '../deployment.ts'
import { contextOf, type Image, readDockerfile } from '../dockerfile.ts'
import { findFolder } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { type StartPlace, startsOf } from '../starts-of.ts'

/** Where each kind keeps the description of its pods. */
const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
}

export const kubernetes: StartReader = {
  id: 'kubernetes',
  title: 'Kubernetes manifest',
  read(tree, gap) {
    const starts: Start[] = []
    for (const path of tree.paths) {
      const file = /\.ya?ml$/.test(path) && tree.isAbout(path, 'manifest') ? tree.file(path) : undefined
      if (!file || !/^kind:[ \t]*\w/m.test(file.text) || !/^apiVersion:/m.test(file.text)) continue
      const { documents, problems } = readYaml(templateText(file.text))
      const [problem] = problems
      const isTemplate = file.text.includes('{{')
      if (problem && (!isTemplate || /^\s*(?:-\s+)?(?:command|args):/m.test(file.text)))
        gap(`${path}: ${problem.says}; what it starts is not known`)
      else if (/^\s*(?:-\s+)?(?:command|args):\s*(?:-\s*)?\{\{/m.test(file.text))
        gap(`${path}: a template of a manifest: what it starts is not known`)
      for (const document of documents) starts.push(...objectStarts(tree, file, document))
    }
    return starts
  },
  documentation: 'https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/',
}

function objectStarts(tree: Tree, file: SourceFile, object: ConfigurationNode): Start[] {
  const kind = textAt(object, 'kind') ?? ''
  if (kind === 'List') return itemsAt(object, 'items').flatMap((item) => objectStarts(tree, file, item))
  const path = Object.hasOwn(podPaths, kind) ? podPaths[kind] : undefined
  const pod = path && nodeAt(object, ...path)
  if (!pod) return []
  const containers = [...itemsAt(pod, 'containers'), ...itemsAt(pod, 'initContainers')]
  return containers.flatMap((container) => containerStarts(tree, file, pod, container))
}

function containerStarts(tree: Tree, file: SourceFile, pod: ConfigurationNode, container: ConfigurationNode): Start[] {
  const own = wordsAt(container, 'command')
  const args = wordsAt(container, 'args')
  const image = onlyImage(tree)
  const entrypoint = own ?? wordsOf(image?.entrypoint?.command)
  const words = [...(entrypoint ?? []), ...(args ?? (own ? [] : (wordsOf(image?.command?.command) ?? [])))]
  // Without a command of its own the image's is read where the image is described.
  if (words.length === 0 || (!own && !args)) return []
  const node = nodeAt(container, 'command') ?? nodeAt(container, 'args') ?? container
  const environment = new Map(image?.environment)
  for (const item of itemsAt(container, 'env')) {
    const [name, value] = [textAt(item, 'name'), textAt(item, 'value')]
    if (name !== undefined && value !== undefined) environment.set(name, value)
  }
  const isOnHost = textAt(pod, 'hostNetwork') === 'true'
  const place: StartPlace = {
    from: 'kubernetes',
    file,
    start: node.start,
    end: node.end,
    environment,
    folder: findFolder(tree, textAt(container, 'workingDir'), image?.folder ?? ''),
    isContained: !isOnHost,
    publishes: itemsAt(container, 'ports').flatMap((port) => {
      const [host, inside] = [Number(textAt(port, 'hostPort')), Number(textAt(port, 'containerPort'))]
      return Number.isInteger(host) && Number.isInteger(inside) ? [{ host, inside, address: '0.0.0.0' }] : []
    }),
  }
  return startsOf(
    tree,
    words.map((word) => filled(word, environment)),
    place,
  )
}

/** The image of the one Dockerfile of a tree: which image a manifest means by its name is otherwise not known. */
function onlyImage(tree: Tree): Image | undefined {
  const paths = tree.paths.filter((path) => /(?:^|\/)(?:Dockerfile|Containerfile)$/.test(path))
  const [path] = paths
  const file = paths.length === 1 && path !== undefined ? tree.file(path) : undefined
  return file && readDockerfile(tree, file, contextOf(file.path))
}

function wordsAt(node: ConfigurationNode, key: string): readonly string[] | undefined {
  const items = entriesAt(node).some(([name]) => name === key) ? itemsAt(node, key) : []
  return items.length === 0 ? undefined : items.map((item) => textAt(item) ?? '')
}

function wordsOf(command: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof command === 'string' ? ['sh', '-c', command] : command
}

/** `$(PORT)` is a variable of the container. */
function filled(word: string, environment: ReadonlyMap<string, string>): string {
  return word.replace(/\$\(([A-Za-z_]\w{0,80})\)/g, (whole, name: string) => environment.get(name) ?? whole)
}
