import * as prism from '@ruby/prism/src/nodes.js'
import type { Edit, Mutation } from './edits.ts'
import { indentOf } from './layout.ts'
import {
  hasHeredoc,
  isBuiltText,
  isEnvironmentRead,
  type Range,
  type RubySource,
  rangeOf,
  statementsOf,
  textOf,
} from './ruby-source.ts'

type Node = prism.Node

/** Something that is worth a name of its own: no literal, and no part of how the call is written. */
function isWorthName(node: Node): boolean {
  return (
    node instanceof prism.CallNode ||
    node instanceof prism.InterpolatedStringNode ||
    node instanceof prism.HashNode ||
    node instanceof prism.ArrayNode
  )
}

/** Arguments that are had before the call: none behind a condition. */
function argumentsOf(node: Node): readonly Node[] {
  return node instanceof prism.CallNode && node.arguments_ && !node.isSafeNavigation() ? node.arguments_.arguments_ : []
}

export const named: Mutation = {
  title: 'arguments are kept in variables first',
  mutate(source) {
    let count = 0
    return {
      edits: statementsOf(source).flatMap(({ node, enclosing }): Edit[] => {
        const arg = argumentsOf(node).find(isWorthName)
        const indent = indentOf(source, node)
        const isInText = enclosing.some((outer) => outer instanceof prism.EmbeddedStatementsNode)
        const isShort = enclosing.some((outer) => outer instanceof prism.DefNode && outer.equalLoc)
        // `a if b` begins with a, and b comes first.
        const outer = enclosing.at(-2)
        const isGuarded =
          outer !== undefined &&
          outer.location.startOffset === node.location.startOffset &&
          !(outer instanceof prism.ProgramNode)
        if (!arg || indent === undefined || isInText || isShort || isGuarded) return []
        const range = rangeOf(arg.location)
        if (hasHeredoc(source, rangeOf(node.location))) return []
        const name = `extracted_${++count}`
        const { startOffset: start } = node.location
        return [
          { start, end: start, pieces: [`${name} = `, range, `\n${indent}`] },
          { ...range, pieces: [name] },
        ]
      }),
    }
  },
}

/** Behind what the file loads, where the functions that are added to it stand. */
function behindLoads({ root, text }: RubySource): number {
  let at = root.statements.body[0]?.location.startOffset ?? text.length
  for (const statement of root.statements.body) {
    if (!(statement instanceof prism.CallNode) || !/^require(?:_relative)?$/.test(statement.name)) break
    at = rangeOf(statement.location).end + 1
  }
  return Math.min(at, text.length)
}

/** `ENV['RACK_ENV']`: gates that ask a function of the program what environment it is in are not read. */
function namesEnvironment(node: Node, source: RubySource): boolean {
  return /_ENV['"]/.test(textOf(source, rangeOf(node.location)))
}

export const helpers: Mutation = {
  title: 'the environment is read in functions',
  mutate(source) {
    const reads = source.nodes
      .filter(({ node }) => isEnvironmentRead(node) && !namesEnvironment(node, source))
      .map(({ node }) => rangeOf(node.location))
    const at = behindLoads(source)
    const later = reads.filter(({ start }) => start >= at)
    if (later.length === 0) return { edits: [] }
    // The name is the file's own: another may do the same.
    const name = `read_${source.path.replace(/\W+/g, '_')}`
    const definitions = later.flatMap((range, index): (string | Range)[] => [
      `def ${name}_${index}\n  `,
      range,
      '\nend\n',
    ])
    return {
      edits: [
        { start: at, end: at, pieces: ['\n', ...definitions] },
        ...later.map((range, index) => ({ ...range, pieces: [`${name}_${index}()`] })),
      ],
    }
  },
}

export const passed: Mutation = {
  title: 'texts are handed through a function',
  mutate(source) {
    const built = source.nodes
      .filter(
        ({ node, enclosing }) =>
          isBuiltText(node, enclosing, source) || (isEnvironmentRead(node) && !namesEnvironment(node, source)),
      )
      .map(({ node }) => rangeOf(node.location))
    const at = behindLoads(source)
    const later = built.filter(({ start }) => start >= at)
    if (later.length === 0) return { edits: [] }
    const name = `pass_${source.path.replace(/\W+/g, '_')}`
    return {
      edits: [
        { start: at, end: at, pieces: [`\ndef ${name}(value, *)\n  value\nend\n`] },
        ...later.map((range) => ({ ...range, pieces: [`${name}(`, range, ')'] })),
      ],
    }
  },
}

/** What stands at the top level and knows no variable of it. */
function movable(source: RubySource): Node[] {
  const usesLocals = source.root.statements.body.some((statement) => statement instanceof prism.LocalVariableWriteNode)
  const isData = /^__END__$|__FILE__|__dir__/m.test(source.text)
  if (isData || usesLocals) return []
  return source.root.statements.body.filter(
    (statement) =>
      indentOf(source, statement) === '' &&
      (statement instanceof prism.ClassNode ||
        statement instanceof prism.ModuleNode ||
        statement instanceof prism.DefNode ||
        (statement instanceof prism.CallNode && statement.block instanceof prism.BlockNode)) &&
      !hasHeredoc(source, rangeOf(statement.location)),
  )
}

export const split: Mutation = {
  title: 'the file is split',
  mutate(source) {
    const folder = source.path.includes('/') ? source.path.slice(0, source.path.lastIndexOf('/') + 1) : ''
    const base = source.path.slice(folder.length).replace(/\W+/g, '_')
    // What a start file runs stays in it, and what a file configures by its place.
    if (!source.path.endsWith('.rb') || folder.includes('config/')) return { edits: [] }
    const magic = /^# frozen_string_literal: true$/m.test(source.text) ? '# frozen_string_literal: true\n\n' : ''
    const loads = textOf(source, { start: 0, end: behindLoads(source) })
      .split('\n')
      .filter((line) => /^require /.test(line))
      .join('\n')
    const parts = movable(source).map((node) => rangeOf(node.location))
    return {
      edits: parts.map((range, index) => ({ ...range, pieces: [`require_relative '${base}_part_${index}'`] })),
      files: parts.map((range, index) => ({
        path: `${folder}${base}_part_${index}.rb`,
        pieces: [`${magic}${loads}\n\n`, range, '\n'],
      })),
    }
  },
}

export const spaces: Mutation = {
  title: 'classes stand in a module',
  mutate(source, program) {
    const opened = program.sources.flatMap(({ nodes }) =>
      nodes.flatMap(({ node }) => (node instanceof prism.ClassNode ? [node.name] : [])),
    )
    return {
      edits: source.root.statements.body.flatMap((statement): Edit[] => {
        if (!(statement instanceof prism.ClassNode) || !(statement.constantPath instanceof prism.ConstantReadNode))
          return []
        const { name } = statement
        // Opened twice, it would be two classes; a framework finds some by their names.
        if (opened.filter((other) => other === name).length > 1 || /(?:Controller|Application)$/.test(name)) return []
        const range = rangeOf(statement.location)
        return [{ ...range, pieces: ['module OwnSpace\n', range, `\nend\n${name} = OwnSpace::${name}`] }]
      }),
    }
  },
}
