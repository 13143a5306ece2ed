/**
 * The command line, the environment and the exit belong to the files that are a process: `cli/main.ts`,
 * `cli/run-command-line.ts` and every `*.entry.ts`. What anything else needs of them it is given, so that a test can
 * give its own, and so that no room reads a variable that holds a key.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

const root = join(import.meta.dirname, '..')
const reserved = ['argv', 'execArgv', 'env', 'loadEnvFile', 'exit', 'exitCode']
const mayTouch = /(?:\.entry|\.test)\.ts$|^src\/cli\/(?:main|run-command-line)\.ts$/

if (import.meta.main) {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'src', name))
  const uses = files
    .filter((file) => !mayTouch.test(relative(root, file)))
    .flatMap((file) => processUses(readFileSync(file, 'utf8')).map((use) => `${relative(root, file)}:${use}`))
  for (const use of uses) console.error(`${use}: only a process of its own (*.entry.ts, cli/main.ts) may touch it`)
  process.exitCode = uses.length > 0 ? 1 : 0
}

/** `line what` for each use of the command line, the environment or the exit in a TypeScript source. */
export function processUses(source: string): string[] {
  const uses: string[] = []
  visit(parseAst(source, { lang: 'ts' }))
  return uses

  function visit(node: unknown): void {
    if (Array.isArray(node)) for (const item of node) visit(item)
    if (!isNode(node)) return
    const use = useOf(node)
    if (use) uses.push(`${source.slice(0, node.start).split('\n').length} ${use}`)
    for (const child of Object.values(node)) visit(child)
  }
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [property: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function useOf(node: Node): string | undefined {
  if (node.type === 'MemberExpression' && isProcess(node.object)) {
    const name = nameOf(node.property)
    return reserved.includes(name) ? `process.${name}` : undefined
  }
  if (node.type === 'VariableDeclarator' && isProcess(node.init)) return patternUse(node.id)
  if (node.type === 'ImportDeclaration' && /^(?:node:)?process$/.test(nameOf(node.source)))
    return 'import of node:process'
  return undefined
}

/** `const { env } = process`, and every name that the whole object is given. */
function patternUse(pattern: unknown): string | undefined {
  if (!isNode(pattern) || pattern.type !== 'ObjectPattern') return 'process under another name'
  const names = (pattern.properties as readonly Node[]).map((property) => nameOf(property.key))
  const name = names.find((name) => reserved.includes(name))
  return name ? `process.${name}` : undefined
}

function isProcess(node: unknown): boolean {
  if (!isNode(node)) return false
  if (node.type === 'MemberExpression')
    return nameOf(node.object) === 'globalThis' && nameOf(node.property) === 'process'
  return node.type === 'Identifier' && node.name === 'process'
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  return String(node.name ?? node.value ?? '')
}
