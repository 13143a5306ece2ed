import * as prism from '@ruby/prism/src/nodes.js'
import type { Edit, Mutation } from './edits.ts'
import { hasHeredoc, type RubySource, rangeOf, statementsOf, textOf } from './ruby-source.ts'

type Node = prism.Node

/** The blanks before a statement that begins its line; undefined for another. */
export function indentOf(source: RubySource, node: Node): string | undefined {
  const { startOffset } = node.location
  const lineStart = source.text.lastIndexOf('\n', startOffset - 1) + 1
  const before = source.text.slice(lineStart, startOffset)
  return /^[ \t]*$/.test(before) ? before : undefined
}

export const lineEnds: Mutation = {
  title: 'lines end as on Windows',
  mutate(source) {
    const edits: Edit[] = []
    for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1))
      edits.push({ start: at, end: at, pieces: ['\r'] })
    return { edits }
  },
}

export const remarks: Mutation = {
  title: 'remarks and blank lines stand between statements',
  mutate(source) {
    return {
      edits: statementsOf(source).flatMap(({ node }): Edit[] => {
        const indent = indentOf(source, node)
        const { startOffset: start } = node.location
        return indent === undefined ? [] : [{ start, end: start, pieces: [`# a remark\n\n${indent}`] }]
      }),
    }
  },
}

/** A call whose arguments may be put in brackets: `halt 500, x`. */
function isBare(node: Node, source: RubySource): node is prism.CallNode {
  if (!(node instanceof prism.CallNode) || !node.messageLoc || node.openingLoc || !node.arguments_) return false
  if (node.equalLoc || !/^[a-z_]\w*[?!]?$/.test(node.name) || hasHeredoc(source, rangeOf(node.location))) return false
  const range = rangeOf(node.messageLoc)
  return textOf(source, { start: range.end, end: node.arguments_.location.startOffset }) === ' '
}

export const brackets: Mutation = {
  title: 'arguments stand in brackets',
  mutate(source) {
    return {
      edits: statementsOf(source).flatMap(({ node }): Edit[] => {
        if (!isBare(node, source) || !node.messageLoc || !node.arguments_) return []
        // `&block` is the last argument.
        const last = node.block instanceof prism.BlockArgumentNode ? node.block : node.arguments_
        const { end } = rangeOf(last.location)
        return [
          { start: rangeOf(node.messageLoc).end, end: node.arguments_.location.startOffset, pieces: ['('] },
          { start: end, end, pieces: [')'] },
        ]
      }),
    }
  },
}

export const blocks: Mutation = {
  title: 'do … end and { … } change places',
  mutate(source) {
    return {
      edits: statementsOf(source).flatMap(({ node }): Edit[] => {
        if (!(node instanceof prism.CallNode) || !(node.block instanceof prism.BlockNode)) return []
        if (hasHeredoc(source, rangeOf(node.location)) || node.block.body instanceof prism.BeginNode) return []
        const [opening, closing] = [rangeOf(node.block.openingLoc), rangeOf(node.block.closingLoc)]
        const isWords = textOf(source, opening) === 'do'
        const [open, close] = isWords ? ['{', '}'] : ['do ', ' end']
        const edits: Edit[] = [
          { ...opening, pieces: [open] },
          { ...closing, pieces: [close] },
        ]
        if (!isWords || node.openingLoc || !node.arguments_) return edits
        if (!isBare(node, source) || !node.messageLoc) return []
        const { start, end } = rangeOf(node.arguments_.location)
        return [
          ...edits,
          { start: rangeOf(node.messageLoc).end, end: start, pieces: ['('] },
          { start: end, end, pieces: [')'] },
        ]
      }),
    }
  },
}

export const oneLine: Mutation = {
  title: 'functions of one statement stand on one line',
  mutate(source) {
    return {
      edits: source.nodes.flatMap(({ node }): Edit[] => {
        if (!(node instanceof prism.DefNode) || node.equalLoc || !node.endKeywordLoc) return []
        if (!(node.body instanceof prism.StatementsNode) || node.body.body.length !== 1) return []
        const body = rangeOf(node.body.location)
        const header = node.rparenLoc ?? node.parameters?.location ?? node.nameLoc
        const from = rangeOf(header).end
        const between = textOf(source, { start: from, end: body.start })
        const after = textOf(source, { start: body.end, end: node.endKeywordLoc.startOffset })
        if (/[^\s;]/.test(between + after) || hasHeredoc(source, body)) return []
        return [
          { start: from, end: body.start, pieces: ['; '] },
          { start: body.end, end: node.endKeywordLoc.startOffset, pieces: ['; '] },
        ]
      }),
    }
  },
}
