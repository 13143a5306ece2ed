import { jsonSchema } from '../../src/config/json-schema.ts'
import { loadKnown } from '../../src/config/schema.ts'
import { generatedBy, markdownTable } from '../markdown.ts'

interface Node {
  readonly description?: string
  readonly type?: string
  readonly const?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly additionalProperties?: Node | false
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
}

export const page = {
  path: 'docs/reference/configuration.md',
  async content(): Promise<string> {
    const root = jsonSchema(await loadKnown()) as Node
    const sections = Object.entries(root.properties ?? {}).map(([name, node]) => {
      const rows = rowsOf(node, name).map(({ path, setting, isRequired }) => [
        `\`${path}\``,
        forms(setting).join(' or '),
        `${setting.description ?? ''}${isRequired ? ' Required.' : ''}`,
      ])
      return `## \`${name}\`\n\n${node.description ?? ''}\n\n${markdownTable(['setting', 'form', 'meaning'], rows)}\n`
    })
    return `${generatedBy}
# Configuration

\`sallyport.yaml\`: one YAML 1.2 document in UTF-8. Every part is optional and every default is safe. A setting that does
not exist is refused, with the nearest that does. Paths of files are relative to the folder of the configuration.
\`sallyport check\` says what is wrong, everything at once, or in words what the configuration means. Editors complete it
with \`# yaml-language-server: $schema=…/schema/sallyport.json\` in its first line.

${sections.join('\n')}`
  },
}

interface Row {
  readonly path: string
  readonly setting: Node
  readonly isRequired: boolean
}

function rowsOf(node: Node, path: string): Row[] {
  if (node.additionalProperties) return rowsOf(node.additionalProperties, `${path}.NAME`)
  if (node.items) return rowsOf(node.items, `${path}[]`)
  const alternatives = node.anyOf ?? node.oneOf
  if (alternatives) return alternatives.flatMap((alternative) => rowsOf(alternative, path))
  return Object.entries(node.properties ?? {}).flatMap(([name, setting]) => [
    { path: `${path}.${name}`, setting, isRequired: node.required?.includes(name) ?? false },
    ...rowsOf(setting, `${path}.${name}`),
  ])
}

function forms(node: Node): string[] {
  const alternatives = node.anyOf ?? node.oneOf
  if (alternatives) return [...new Set(alternatives.flatMap(forms))]
  if (node.const !== undefined) return [`\`${node.const}\``]
  if (node.enum) return node.enum.map((choice) => `\`${choice}\``)
  if (node.type === 'array') return [`list of ${node.items ? forms(node.items).join(' or ') : 'anything'}`]
  if (node.type === 'object') return ['settings']
  return [node.type === 'string' ? 'text' : node.type === 'integer' ? 'number' : (node.type ?? '')]
}
