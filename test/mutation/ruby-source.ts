import * as prism from '@ruby/prism/src/nodes.js'
import { parsePrism } from '@ruby/prism/src/parsePrism.js'
import { loadPrism } from '../../src/scan/languages/ruby/prism-module.ts'

type Node = prism.Node
type Location = prism.Location

/** A Ruby file, a character a byte, and its nodes with what encloses each, outermost first. */
export interface RubySource {
  readonly path: string
  readonly text: string
  readonly root: prism.ProgramNode
  readonly nodes: readonly { readonly node: Node; readonly enclosing: readonly Node[] }[]
}

export interface Range {
  readonly start: number
  readonly end: number
}

const exports = loadPrism()()

/** Undefined where the text is no Ruby without a fault. */
export function readRuby(path: string, text: string): RubySource | undefined {
  const result = parsePrism(exports as never, Buffer.from(text, 'latin1').toString(), { encoding: false })
  if (result.errors.length > 0) return undefined
  const nodes: { node: Node; enclosing: readonly Node[] }[] = []
  const visit = (node: Node, enclosing: readonly Node[]) => {
    nodes.push({ node, enclosing })
    const inner = [...enclosing, node]
    for (const part of partsOf(node)) visit(part, inner)
  }
  visit(result.value, [])
  return { path, text, root: result.value as prism.ProgramNode, nodes }
}

/** The package's own lists of parts leave some out. */
function partsOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'nodeID' in value)
}

export function rangeOf({ startOffset, length }: Location): Range {
  return { start: startOffset, end: startOffset + length }
}

export function textOf({ text }: RubySource, range: Range): string {
  return text.slice(range.start, range.end)
}

/** The statements whose value or effect is all that is made of them, and what encloses each. */
export function statementsOf(source: RubySource): { node: Node; enclosing: readonly Node[] }[] {
  return source.nodes.filter(({ enclosing }) => enclosing.at(-1) instanceof prism.StatementsNode)
}

export function isText(node: Node): node is prism.StringNode | prism.SymbolNode {
  return node instanceof prism.StringNode || node instanceof prism.SymbolNode
}

/** `ENV['NAME']`, `ENV.fetch('NAME')` with a name that is written out. */
export function isEnvironmentRead(node: Node): boolean {
  if (!(node instanceof prism.CallNode) || node.block) return false
  const { receiver } = node
  const args = node.arguments_?.arguments_ ?? []
  return (
    receiver instanceof prism.ConstantReadNode &&
    receiver.name === 'ENV' &&
    (node.name === '[]' || node.name === 'fetch') &&
    args.length === 1 &&
    args[0] instanceof prism.StringNode
  )
}

/** `"…#{…}…"` on its own: no heredoc, and no part of a longer text. */
export function isBuiltText(
  node: Node,
  enclosing: readonly Node[],
  source: RubySource,
): node is prism.InterpolatedStringNode {
  if (!(node instanceof prism.InterpolatedStringNode) || !node.openingLoc) return false
  if (textOf(source, rangeOf(node.openingLoc)) !== '"') return false
  if (enclosing.at(-1) instanceof prism.InterpolatedStringNode) return false
  return node.parts.every((part) => part instanceof prism.StringNode || isWhole(part))
}

function isWhole(part: Node): boolean {
  return part instanceof prism.EmbeddedStatementsNode && part.statements?.body.length === 1
}

/** Whether a heredoc begins in the range: its text stands elsewhere. */
export function hasHeredoc(source: RubySource, range: Range): boolean {
  return /<<[~-]?["'A-Z]/.test(textOf(source, range))
}

export function isIn(range: Range, outer: Range): boolean {
  return range.start >= outer.start && range.end <= outer.end
}
