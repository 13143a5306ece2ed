import * as prism from '@ruby/prism/src/nodes.js'
import type { Edit, Mutation } from './edits.ts'
import { hasHeredoc, rangeOf, statementsOf } from './ruby-source.ts'

export const guards: Mutation = {
  title: 'conditions stand before what they guard',
  mutate(source) {
    return {
      edits: statementsOf(source).flatMap(({ node }): Edit[] => {
        const isGuard = (node instanceof prism.IfNode || node instanceof prism.UnlessNode) && node.statements
        if (!isGuard || !node.statements) return []
        const keyword = node instanceof prism.IfNode ? node.ifKeywordLoc : node.keywordLoc
        if (!keyword || keyword.startOffset === node.location.startOffset || hasHeredoc(source, rangeOf(node.location)))
          return []
        const [test, body] = [rangeOf(node.predicate.location), rangeOf(node.statements.location)]
        const word = node instanceof prism.IfNode ? 'if ' : 'unless '
        return [{ ...rangeOf(node.location), pieces: [word, test, '\n', body, '\nend'] }]
      }),
    }
  },
}

export const rescues: Mutation = {
  title: 'functions rescue in a block of their own',
  mutate(source) {
    return {
      edits: source.nodes.flatMap(({ node, enclosing }): Edit[] => {
        if (node instanceof prism.RescueModifierNode && enclosing.at(-1) instanceof prism.StatementsNode) {
          const [tried, otherwise] = [rangeOf(node.expression.location), rangeOf(node.rescueExpression.location)]
          const pieces = ['begin\n', tried, '\nrescue StandardError\n', otherwise, '\nend']
          return [{ ...rangeOf(node.location), pieces }]
        }
        if (!(node instanceof prism.DefNode) || !(node.body instanceof prism.BeginNode) || !node.endKeywordLoc)
          return []
        const first = node.body.statements?.location.startOffset
        if (first === undefined || node.body.beginKeywordLoc) return []
        const end = node.endKeywordLoc.startOffset
        return [
          { start: first, end: first, pieces: ['begin\n'] },
          { start: end, end, pieces: ['end\n'] },
        ]
      }),
    }
  },
}
