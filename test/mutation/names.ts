import * as prism from '@ruby/prism/src/nodes.js'
import { table } from '../../src/scan/models/index.ts'
import type { Edit, Mutation, Program } from './edits.ts'
import { type Range, type RubySource, rangeOf } from './ruby-source.ts'

const models = await Promise.all(table.map(({ load }) => load()))
/** Names that libraries give a meaning to. */
const library = new Set(
  models.flatMap(({ calls, framework }) => [
    ...(calls ?? []).flatMap(({ names }) => names),
    ...Object.values(framework ?? {}).flatMap((words) => (Array.isArray(words) ? words.map(String) : [])),
  ]),
)
const called = new Set(['initialize', 'call', 'method_missing', 'to_s', 'inspect', 'message', 'each', 'log'])

function prefixed({ start }: Range): Edit {
  return { start, end: start, pieces: ['own_'] }
}

function texts({ sources }: Program): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ nodes }) =>
      nodes.flatMap(({ node }) =>
        node instanceof prism.SymbolNode || node instanceof prism.StringNode ? [node.unescaped.value] : [],
      ),
    ),
  )
}

export const locals: Mutation = {
  title: 'local variables are renamed',
  mutate(source) {
    const { nodes } = source
    // A name that is also a key stays.
    const kept = new Set(
      nodes.flatMap(({ node, enclosing }) =>
        node instanceof prism.RequiredKeywordParameterNode ||
        node instanceof prism.OptionalKeywordParameterNode ||
        ((node instanceof prism.LocalVariableReadNode || node instanceof prism.LocalVariableTargetNode) &&
          enclosing.some((outer) => outer instanceof prism.ImplicitNode))
          ? [node.name]
          : [],
      ),
    )
    const edits = nodes.flatMap(({ node }): Edit[] => {
      const range = localName(node, source)
      return range && !kept.has(source.text.slice(range.start, range.end)) ? [prefixed(range)] : []
    })
    return { edits }
  },
}

function localName(node: prism.Node, _source: RubySource): Range | undefined {
  if (
    node instanceof prism.LocalVariableReadNode ||
    node instanceof prism.LocalVariableTargetNode ||
    node instanceof prism.RequiredParameterNode
  )
    return rangeOf(node.location)
  if (
    node instanceof prism.LocalVariableWriteNode ||
    node instanceof prism.LocalVariableOrWriteNode ||
    node instanceof prism.LocalVariableAndWriteNode ||
    node instanceof prism.LocalVariableOperatorWriteNode ||
    node instanceof prism.OptionalParameterNode
  )
    return rangeOf(node.nameLoc)
  if (
    node instanceof prism.RestParameterNode ||
    node instanceof prism.KeywordRestParameterNode ||
    node instanceof prism.BlockParameterNode
  )
    return node.nameLoc ? rangeOf(node.nameLoc) : undefined
  return undefined
}

export const functions: Mutation = {
  title: 'functions are renamed',
  mutate(source, program) {
    const asTexts = texts(program)
    const inOthers = program.others.map(({ text }) => text).join('\n')
    const defined = new Set(
      program.sources.flatMap(({ nodes }) =>
        nodes.flatMap(({ node }) => (node instanceof prism.DefNode && /^[a-z]\w*$/.test(node.name) ? [node.name] : [])),
      ),
    )
    const renamed = (name: string) =>
      defined.has(name) && !asTexts.has(name) && !library.has(name) && !called.has(name) && !inOthers.includes(name)
    const edits = source.nodes.flatMap(({ node, enclosing }): Edit[] => {
      // `{ name: }` is a key too.
      if (enclosing.some((outer) => outer instanceof prism.ImplicitNode)) return []
      if (node instanceof prism.DefNode && renamed(node.name)) return [prefixed(rangeOf(node.nameLoc))]
      if (node instanceof prism.CallNode && node.messageLoc && renamed(node.name))
        return [prefixed(rangeOf(node.messageLoc))]
      return []
    })
    const implicit = source.nodes.some(({ node }) => node instanceof prism.ImplicitNode)
    return { edits: implicit ? [] : edits }
  },
}

export const constants: Mutation = {
  title: 'classes and constants are renamed',
  mutate(source, program) {
    const asTexts = texts(program)
    const inOthers = program.others.map(({ text }) => text).join('\n')
    const defined = new Set(
      program.sources.flatMap(({ nodes }) =>
        nodes.flatMap(({ node }) =>
          node instanceof prism.ClassNode || node instanceof prism.ModuleNode || node instanceof prism.ConstantWriteNode
            ? [node.name]
            : [],
        ),
      ),
    )
    // A framework finds some classes by their names, and reopened classes are libraries'.
    const renamed = (name: string) =>
      defined.has(name) &&
      !/^(?:Sinatra|Rack|Rails|Grape|Application\w*|String|Object|Kernel|Hash)$|(?:Controller|Helper|Mailer|Job|Application)$/.test(
        name,
      ) &&
      !asTexts.has(name) &&
      !new RegExp(`\\b${name}\\b`).test(inOthers)
    const edits = source.nodes.flatMap(({ node }): Edit[] => {
      if (node instanceof prism.ConstantReadNode && renamed(node.name)) return [capital(rangeOf(node.location))]
      if (node instanceof prism.ConstantWriteNode && renamed(node.name)) return [capital(rangeOf(node.nameLoc))]
      if (node instanceof prism.ConstantPathNode && node.name !== null && renamed(node.name))
        return [capital(rangeOf(node.nameLoc))]
      return []
    })
    return { edits }
  },
}

function capital({ start }: Range): Edit {
  return { start, end: start, pieces: ['Own'] }
}
