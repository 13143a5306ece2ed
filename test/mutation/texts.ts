import * as prism from '@ruby/prism/src/nodes.js'
import type { Edit, Mutation } from './edits.ts'
import { isBuiltText, isEnvironmentRead, type Range, type RubySource, rangeOf, textOf } from './ruby-source.ts'

type Piece = string | Range

/** A text's parts: what stands between quotes, and what is put in it. */
interface Part {
  readonly range: Range
  readonly isCode: boolean
}

function partsOf(node: prism.InterpolatedStringNode): Part[] {
  return node.parts.map((part) =>
    part instanceof prism.EmbeddedStatementsNode && part.statements
      ? { range: rangeOf(part.statements.location), isCode: true }
      : { range: rangeOf(part.location), isCode: false },
  )
}

function rebuilding(
  title: string,
  rebuild: (parts: readonly Part[], source: RubySource) => Piece[] | undefined,
): Mutation {
  return {
    title,
    mutate(source) {
      return {
        edits: source.nodes.flatMap(({ node, enclosing }): Edit[] => {
          if (!isBuiltText(node, enclosing, source)) return []
          const pieces = rebuild(partsOf(node), source)
          return pieces ? [{ ...rangeOf(node.location), pieces }] : []
        }),
      }
    },
  }
}

export const sums = rebuilding('texts are built with +', (parts) => [
  '("" + ',
  ...between(parts, ' + ', ({ range, isCode }) => (isCode ? ['(', range, ').to_s'] : ['"', range, '"'])),
  ')',
])

export const patterns = rebuilding('texts are built with format', (parts, source) => {
  if (parts.some(({ range, isCode }) => !isCode && textOf(source, range).includes('%'))) return undefined
  return [
    'format("',
    ...parts.map(({ range, isCode }) => (isCode ? '%s' : range)),
    '"',
    ...parts.flatMap(({ range, isCode }): Piece[] => (isCode ? [', (', range, ')'] : [])),
    ')',
  ]
})

export const lists = rebuilding('texts are built with join', (parts) => [
  '[',
  ...between(parts, ', ', ({ range, isCode }) => (isCode ? ['(', range, ')'] : ['"', range, '"'])),
  '].join',
])

export const appended = rebuilding('texts are built with <<', (parts) => [
  '(String.new << ',
  ...between(parts, ' << ', ({ range, isCode }) => (isCode ? ['(', range, ').to_s'] : ['"', range, '"'])),
  ')',
])

function between(parts: readonly Part[], by: string, write: (part: Part) => Piece[]): Piece[] {
  return parts.flatMap((part, index) => (index === 0 ? write(part) : [by, ...write(part)]))
}

function decorating(title: string, suffix: string): Mutation {
  return {
    title,
    mutate(source) {
      return {
        edits: source.nodes.flatMap(({ node, enclosing }): Edit[] => {
          if (!isEnvironmentRead(node) && !isBuiltText(node, enclosing, source)) return []
          const range = rangeOf(node.location)
          return [{ ...range, pieces: [range, suffix] }]
        }),
      }
    },
  }
}

export const copied = decorating('texts are copied', '.dup.itself')
export const chained = decorating('texts go through a chain', '.tap { |own| own }.then { |own| own }')
export const frozen = decorating('texts are frozen', '.freeze')

function reading(title: string, read: (name: Range, isFetch: boolean) => Piece[]): Mutation {
  return {
    title,
    mutate(source) {
      return {
        edits: source.nodes.flatMap(({ node }): Edit[] => {
          if (!(node instanceof prism.CallNode) || !isEnvironmentRead(node)) return []
          const [name] = node.arguments_?.arguments_ ?? []
          if (!name) return []
          return [{ ...rangeOf(node.location), pieces: read(rangeOf(name.location), node.name === 'fetch') }]
        }),
      }
    },
  }
}

export const fetched = reading('the environment is read with fetch', (name, isFetch) =>
  isFetch ? ['ENV.fetch(', name, ') { |own| raise KeyError, own }'] : ['ENV.fetch(', name, ', nil)'],
)
export const asked = reading('the environment is read in several steps', (name, isFetch) =>
  isFetch ? ['ENV.to_h.fetch(', name, ')'] : ['ENV.values_at(', name, ').first'],
)

export const bracketed: Mutation = {
  title: 'entries are read by a call',
  mutate(source) {
    return {
      edits: source.nodes.flatMap(({ node, enclosing }): Edit[] => {
        if (!(node instanceof prism.CallNode) || node.name !== '[]' || !node.receiver || node.block) return []
        if (!node.openingLoc || isEnvironmentRead(node) || enclosing.at(-1) instanceof prism.ClassNode) return []
        const [key, ...others] = node.arguments_?.arguments_ ?? []
        if (!key || others.length > 0 || !(key instanceof prism.SymbolNode || key instanceof prism.StringNode))
          return []
        if (node.callOperatorLoc) return []
        const receiver = rangeOf(node.receiver.location)
        return [{ ...rangeOf(node.location), pieces: [receiver, '.[](', rangeOf(key.location), ')'] }]
      }),
    }
  },
}

export const rockets: Mutation = {
  title: 'keys are written with =>',
  mutate(source) {
    return {
      edits: source.nodes.flatMap(({ node, enclosing }): Edit[] => {
        if (!(node instanceof prism.AssocNode) || !(node.key instanceof prism.SymbolNode)) return []
        const outer = enclosing.at(-1)
        if (!(outer instanceof prism.HashNode || outer instanceof prism.KeywordHashNode)) return []
        const { closingLoc, openingLoc, valueLoc } = node.key
        if (!closingLoc || openingLoc || !valueLoc || node.value instanceof prism.ImplicitNode) return []
        return [{ ...rangeOf(node.key.location), pieces: [':', rangeOf(valueLoc), ' =>'] }]
      }),
    }
  },
}
