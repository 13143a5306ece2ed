import type { Node, parseAllDocuments } from 'yaml'
import { limits } from '../../limits.ts'
import type { ConfigurationNode, MapEntry } from './node.ts'

export interface ReadDocuments {
  /** One for each document of the file; a document that cannot be read is left out. */
  readonly documents: readonly ConfigurationNode[]
  /** Offset and half a sentence; quotes nothing of the file. */
  readonly problems: readonly { readonly start: number; readonly says: string }[]
}

let parse: typeof parseAllDocuments | undefined

/** Loads the parser, which most trees have no file for. */
export async function openYaml(): Promise<void> {
  parse = (await import('yaml')).parseAllDocuments
}

/** Raised by `readYaml` alone: who runs readers opens the parser then, and lets the reader begin again. */
export class YamlNotOpen extends Error {
  open = openYaml
}

/**
 * Reads YAML, and with it JSON. Aliases are followed, so that a few lines can stand for billions of values: no more than
 * `yamlNodesMax` are made. Throws YamlNotOpen where the parser is not loaded, and nothing else.
 */
export function readYaml(text: string): ReadDocuments {
  if (text.length > limits.yamlBytesMax)
    return { documents: [], problems: [{ start: 0, says: `is larger than ${limits.yamlBytesMax / 1_048_576} MiB` }] }
  const deep = nestingProblem(text)
  if (deep !== undefined)
    return { documents: [], problems: [{ start: deep, says: `is nested more than ${limits.yamlDepthMax} deep` }] }
  if (!parse) throw new YamlNotOpen()
  try {
    const parsed = parse(text, { logLevel: 'silent', strict: false, uniqueKeys: false, version: '1.2' })
    const documents: ConfigurationNode[] = []
    const problems: { start: number; says: string }[] = []
    for (const document of Array.isArray(parsed) ? parsed : []) {
      const [error] = document.errors
      if (error) problems.push({ start: error.pos[0], says: 'is no YAML from here on' })
      else {
        const budget = { nodes: limits.yamlNodesMax }
        const node = toNode(document.contents as Node | null, anchorsOf(document.contents as Node | null), budget, 0)
        if (budget.nodes <= 0) problems.push({ start: 0, says: `holds more than ${limits.yamlNodesMax} values` })
        if (node) documents.push(node)
      }
    }
    return { documents, problems }
  } catch {
    return { documents: [], problems: [{ start: 0, says: 'is no YAML' }] }
  }
}

/** The parser calls itself for each level: a file of a million brackets would exhaust its stack. */
function nestingProblem(text: string): number | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5b || code === 0x7b) depth++
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--
    if (depth > limits.yamlDepthMax) return at
    // A block sequence may begin another on its own line: `- - - -`.
    if (code === 0x0a) {
      let dashes = 0
      let next = at + 1
      while (text[next] === ' ' || text[next] === '-' || text[next] === '?') {
        if (text[next] !== ' ') dashes++
        if (dashes > limits.yamlDepthMax) return next
        next++
      }
      if (next - at > limits.yamlIndentMax) return at
    }
  }
  return undefined
}

interface ParsedNode {
  readonly anchor?: string
  readonly source?: unknown
  readonly items?: readonly unknown[]
  readonly value?: unknown
  readonly range?: readonly [number, number, number] | null
}

/** In the order of the file: an alias means the last anchor of its name before it, which is near enough the first. */
function anchorsOf(root: unknown): ReadonlyMap<string, ParsedNode> {
  const anchors = new Map<string, ParsedNode>()
  const stack: unknown[] = [root]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const node = next as ParsedNode & { readonly key?: unknown }
    if (typeof node.anchor === 'string') anchors.set(node.anchor, node)
    if (node.items) stack.push(...node.items)
    else if (node.key !== undefined || node.value !== undefined) stack.push(node.key ?? null, node.value ?? null)
  }
  return anchors
}

function toNode(
  given: unknown,
  anchors: ReadonlyMap<string, ParsedNode>,
  budget: { nodes: number },
  depth: number,
): ConfigurationNode | undefined {
  budget.nodes--
  if (budget.nodes <= 0 || depth > limits.yamlDepthMax || typeof given !== 'object' || given === null) return undefined
  const node = given as ParsedNode
  const [start, end] = node.range ?? [0, 0]
  if (typeof node.source === 'string' && !node.items && !('value' in node)) {
    const target = anchors.get(node.source)
    return target && toNode(target, anchors, budget, depth + 1)
  }
  if (!node.items) {
    const { value } = node
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return { kind: 'scalar', start, end, value: isPlain ? value : value === null ? null : String(value) }
  }
  const items = node.items as readonly { readonly key?: unknown; readonly value?: unknown }[]
  const isMap = items.length > 0 && items.every((item) => typeof item === 'object' && item !== null && 'key' in item)
  if (!isMap)
    return { kind: 'list', start, end, items: items.flatMap((item) => toNode(item, anchors, budget, depth + 1) ?? []) }
  const entries = new Map<string, MapEntry>()
  for (const { key, value } of items) addEntry(entries, key, value, anchors, budget, depth)
  return { kind: 'map', start, end, entries }
}

function addEntry(
  entries: Map<string, MapEntry>,
  key: unknown,
  value: unknown,
  anchors: ReadonlyMap<string, ParsedNode>,
  budget: { nodes: number },
  depth: number,
): void {
  const name = toNode(key, anchors, budget, depth + 1)
  if (name?.kind !== 'scalar') return
  const made = toNode(value, anchors, budget, depth + 1) ?? {
    kind: 'scalar' as const,
    start: name.end,
    end: name.end,
    value: null,
  }
  if (name.value === '<<') {
    for (const source of made.kind === 'list' ? made.items : [made])
      if (source.kind === 'map')
        for (const [inner, entry] of source.entries) if (!entries.has(inner)) entries.set(inner, entry)
    return
  }
  entries.set(String(name.value), { keyStart: name.start, keyEnd: name.end, value: made })
}
