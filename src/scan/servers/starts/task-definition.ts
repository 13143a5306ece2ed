import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Start } from '../deployment.ts'
import { findFolder } from '../find-file.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

export const taskDefinition: StartReader = {
  id: 'task-definition',
  title: 'ECS task definition',
  read(tree) {
    const starts: Start[] = []
    for (const path of tree.paths) {
      const file = /\.(?:json|ya?ml)$/.test(path) && tree.isAbout(path, 'task definition') ? tree.file(path) : undefined
      if (!file) continue
      for (const document of readYaml(file.text).documents)
        for (const container of containersOf(document)) starts.push(...containerStarts(tree, file, container))
    }
    return starts
  },
  documentation: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html',
}

/** Of a task definition by itself, in its request, and of a CloudFormation template. */
function containersOf(document: ConfigurationNode): readonly ConfigurationNode[] {
  const templates = entriesAt(document, 'Resources').map(([, { value }]) => nodeAt(value, 'Properties'))
  return [document, nodeAt(document, 'taskDefinition'), ...templates].flatMap((each) => [
    ...itemsAt(each, 'containerDefinitions'),
    ...itemsAt(each, 'ContainerDefinitions'),
  ])
}

function containerStarts(tree: Tree, file: SourceFile, container: ConfigurationNode): Start[] {
  const either = (name: string) =>
    nodeAt(container, name) ?? nodeAt(container, `${name.charAt(0).toUpperCase()}${name.slice(1)}`)
  const words = [either('entryPoint'), either('command')].flatMap((node) =>
    itemsAt(node).map((item) => textAt(item) ?? ''),
  )
  const node = either('command') ?? either('entryPoint')
  if (!node || words.length === 0) return []
  const environment = new Map<string, string>()
  for (const item of itemsAt(either('environment'))) {
    const [name, value] = [textAt(item, 'name') ?? textAt(item, 'Name'), textAt(item, 'value') ?? textAt(item, 'Value')]
    if (name !== undefined && value !== undefined) environment.set(name, value)
  }
  return startsOf(tree, words, {
    from: 'task-definition',
    file,
    start: node.start,
    end: node.end,
    environment,
    folder: findFolder(tree, textAt(either('workingDirectory')), ''),
    isContained: true,
  })
}
