import type { ParseProblem, SurveyedMethod, SurveyedScope } from '../../language.ts'
import { entryLines } from '../../survey.ts'
import { constantNameOf } from './constant-names.ts'
import type { Loads } from './loads.ts'
import { fields, types } from './nodes/index.ts'
import type { RubyTree } from './ruby-tree.ts'
import { surveyAlias, surveyBlock, surveyCall } from './survey-calls.ts'
import {
  surveyClass,
  surveyConstantWrite,
  surveyDef,
  surveyModule,
  surveySingletonClass,
} from './survey-definitions.ts'
import {
  mention,
  mentionNumber,
  mentionWrite,
  newSurveying,
  nodeAt,
  passOn,
  push,
  type Surveying,
  typeOf,
} from './surveying.ts'
import { childrenOf, pushParts } from './walk-tree.ts'

/** What a tree defines, mentions and loads. */
export interface SurveyedTree extends Loads {
  readonly scopes: readonly SurveyedScope[]
  readonly methods: readonly SurveyedMethod[]
  readonly mentions: string
  readonly writes: string
  readonly topBlocks: string
  readonly entries: string
  readonly problems: readonly ParseProblem[]
}

/** Tells of a node; false where its parts are not to be gone through, or have been pushed already. */
type Tell = (node: number, depth: number, s: Surveying) => boolean

/**
 * The same as a survey of the tree's common form, which is not made: whatever a lowering makes of a node, its `Tell`
 * tells, and a test compares both.
 */
export function surveyTree(tree: RubyTree): SurveyedTree {
  const s = newSurveying(tree)
  const { words, stack, owners } = s
  push(tree.root, 0, s)
  while (stack.length > 0) {
    while (owners.length > 0 && (owners[owners.length - 1]?.end ?? 0) >= stack.length) owners.pop()
    const depth = stack.pop() ?? 0
    const node = stack.pop() ?? 0
    const tell = tells[(words[node] ?? 0) & 0xffff]
    if (!tell || tell(node, depth, s)) pushParts(words, node, depth, stack, s.cut)
  }
  const { scopes, methods, mentions, writes, topBlocks, entries, open, loads, problems } = s
  const lines = (set: ReadonlySet<string>) => [...set].join('\n')
  return {
    scopes,
    methods,
    mentions: lines(mentions),
    writes: lines(writes),
    topBlocks: lines(topBlocks),
    entries: entryLines(entries, open),
    problems,
    ...loads.whole(),
  }
}

/** Mentions names whose numbers stand in these words. */
const names =
  (...fieldWords: readonly number[]): Tell =>
  (node, _depth, s) => {
    for (const word of fieldWords) mentionNumber(s.words[node + word] ?? 0, s)
    return true
  }

/** Writes a variable that is not local. */
const written =
  (name: number, ...others: readonly number[]): Tell =>
  (node, depth, s) => {
    mentionWrite(s.tree.name(s.words[node + name] ?? 0), s)
    return names(...others)(node, depth, s)
  }

const global =
  (word: number): Tell =>
  (node, _depth, s) => {
    const number = s.words[node + word] ?? 0
    // What the last match found is a function's own.
    if (s.tree.name(number) !== '$~') mentionNumber(number, s)
    return true
  }

const says =
  (name: string): Tell =>
  (_node, _depth, s) => {
    mention(name, s)
    return true
  }

const constant: Tell = (node, depth, s) => {
  const { name, computed } = constantNameOf(node, s.tree)
  if (name === undefined) {
    push(computed, depth, s)
    return false
  }
  mention(name, s)
  if (!s.asked.has(node)) s.open.add(name)
  return false
}

const pathWrite =
  (words: { readonly target: number; readonly value: number }, ...operator: readonly number[]): Tell =>
  (node, depth, s) => {
    const { name } = constantNameOf(nodeAt(node + words.target, s), s.tree)
    if (name === undefined) return true
    mentionWrite(name, s)
    for (const word of operator) mentionNumber(s.words[node + word] ?? 0, s)
    push(nodeAt(node + words.value, s), depth + 1, s)
    return false
  }

const pathTarget: Tell = (node, _depth, s) => {
  const parent = nodeAt(node + fields.ConstantPathTarget.parent, s)
  const own = s.tree.name(s.words[node + fields.ConstantPathTarget.name] ?? 0)
  const prefix = parent === 0 ? undefined : constantNameOf(parent, s.tree).name
  mentionWrite(prefix === undefined ? own : `${prefix}::${own}`, s)
  return false
}

/** The node is no more than these parts of it, as far as definitions go. */
const through =
  (...fieldWords: readonly number[]): Tell =>
  (node, _depth, s) => {
    passOn(
      node,
      fieldWords.map((word) => nodeAt(node + word, s)),
      s,
    )
    return true
  }

const begin: Tell = (node, depth, s) => {
  const { statements, rescueClause, elseClause, ensureClause } = fields.Begin
  const isAttempt = s.words[node + rescueClause] !== 0 || s.words[node + ensureClause] !== 0
  return isAttempt || through(statements, elseClause)(node, depth, s)
}

const superCall =
  (block: number, ...others: readonly number[]): Tell =>
  (node, depth, s) => {
    mention('super', s)
    surveyBlock(nodeAt(node + block, s), depth + 1, s)
    for (const word of others) push(nodeAt(node + word, s), depth + 1, s)
    return false
  }

/** Only these parts of the node. */
const only =
  (...fieldWords: readonly number[]): Tell =>
  (node, depth, s) => {
    for (const word of fieldWords.toReversed()) push(nodeAt(node + word, s), depth + 1, s)
    return false
  }

/** What stands behind each `when` is asked, `===`, where there is something to ask about. */
const caseOf: Tell = (node, _depth, s) => {
  if (s.words[node + fields.Case.predicate] !== 0 && s.words[node + fields.Case.conditions] !== 0) mention('===', s)
  return true
}

const indexWrite =
  (words: { readonly receiver: number; readonly arguments: number; readonly value: number }, operator?: number): Tell =>
  (node, depth, s) => {
    if (operator !== undefined) mentionNumber(s.words[node + operator] ?? 0, s)
    return only(words.receiver, words.arguments, words.value)(node, depth, s)
  }

function operatorWrite({ name, binaryOperator }: { readonly name: number; readonly binaryOperator: number }): Tell {
  return written(name, binaryOperator)
}

const nothing: Tell = () => false

/** By the number of a node; none for one of which only the parts are told. */
const tells: readonly (Tell | undefined)[] = tellTable()

function tellTable(): (Tell | undefined)[] {
  const table = new Array<Tell | undefined>(Object.keys(types).length + 1)
  const all: readonly (readonly [number, Tell])[] = [
    [types.Call, surveyCall],
    [types.Case, caseOf],
    [types.CallOrWrite, names(fields.CallOrWrite.readName, fields.CallOrWrite.writeName)],
    [types.CallAndWrite, names(fields.CallAndWrite.readName, fields.CallAndWrite.writeName)],
    [
      types.CallOperatorWrite,
      names(
        fields.CallOperatorWrite.readName,
        fields.CallOperatorWrite.writeName,
        fields.CallOperatorWrite.binaryOperator,
      ),
    ],
    [types.CallTarget, names(fields.CallTarget.name)],
    [types.IndexOrWrite, indexWrite(fields.IndexOrWrite)],
    [types.IndexAndWrite, indexWrite(fields.IndexAndWrite)],
    [types.IndexOperatorWrite, indexWrite(fields.IndexOperatorWrite, fields.IndexOperatorWrite.binaryOperator)],
    [types.IndexTarget, only(fields.IndexTarget.receiver, fields.IndexTarget.arguments)],
    [types.Super, superCall(fields.Super.block, fields.Super.arguments)],
    [types.ForwardingSuper, superCall(fields.ForwardingSuper.block)],
    [types.Yield, says('yield')],
    [types.XString, says('`')],
    [types.InterpolatedXString, says('`')],
    [types.ConstantRead, constant],
    [types.ConstantPath, constant],
    [types.ConstantPathTarget, pathTarget],
    [types.ConstantPathOrWrite, pathWrite(fields.ConstantPathOrWrite)],
    [types.ConstantPathAndWrite, pathWrite(fields.ConstantPathAndWrite)],
    [
      types.ConstantPathOperatorWrite,
      pathWrite(fields.ConstantPathOperatorWrite, fields.ConstantPathOperatorWrite.binaryOperator),
    ],
    [
      types.ConstantWrite,
      (node, depth, s) => {
        const { name, value } = fields.ConstantWrite
        return surveyConstantWrite(s.tree.name(s.words[node + name] ?? 0), nodeAt(node + value, s), depth, s)
      },
    ],
    [
      types.ConstantPathWrite,
      (node, depth, s) => {
        const { target, value } = fields.ConstantPathWrite
        const { name } = constantNameOf(nodeAt(node + target, s), s.tree)
        return surveyConstantWrite(name, nodeAt(node + value, s), depth, s)
      },
    ],
    [types.ConstantOrWrite, written(fields.ConstantOrWrite.name)],
    [types.ConstantAndWrite, written(fields.ConstantAndWrite.name)],
    [types.ConstantOperatorWrite, operatorWrite(fields.ConstantOperatorWrite)],
    [types.ConstantTarget, written(fields.ConstantTarget.name)],
    [types.InstanceVariableRead, names(fields.InstanceVariableRead.name)],
    [types.InstanceVariableWrite, written(fields.InstanceVariableWrite.name)],
    [types.InstanceVariableOrWrite, written(fields.InstanceVariableOrWrite.name)],
    [types.InstanceVariableAndWrite, written(fields.InstanceVariableAndWrite.name)],
    [types.InstanceVariableOperatorWrite, operatorWrite(fields.InstanceVariableOperatorWrite)],
    [types.InstanceVariableTarget, written(fields.InstanceVariableTarget.name)],
    [types.ClassVariableRead, names(fields.ClassVariableRead.name)],
    [types.ClassVariableWrite, written(fields.ClassVariableWrite.name)],
    [types.ClassVariableOrWrite, written(fields.ClassVariableOrWrite.name)],
    [types.ClassVariableAndWrite, written(fields.ClassVariableAndWrite.name)],
    [types.ClassVariableOperatorWrite, operatorWrite(fields.ClassVariableOperatorWrite)],
    [types.ClassVariableTarget, written(fields.ClassVariableTarget.name)],
    [types.GlobalVariableRead, global(fields.GlobalVariableRead.name)],
    [types.GlobalVariableWrite, written(fields.GlobalVariableWrite.name)],
    [types.GlobalVariableOrWrite, written(fields.GlobalVariableOrWrite.name)],
    [types.GlobalVariableAndWrite, written(fields.GlobalVariableAndWrite.name)],
    [types.GlobalVariableOperatorWrite, operatorWrite(fields.GlobalVariableOperatorWrite)],
    [types.GlobalVariableTarget, written(fields.GlobalVariableTarget.name)],
    [types.LocalVariableOperatorWrite, names(fields.LocalVariableOperatorWrite.binaryOperator)],
    [
      types.AliasGlobalVariable,
      (node, _depth, s) => {
        const made = nodeAt(node + fields.AliasGlobalVariable.newName, s)
        const name = s.tree.name(s.words[made + fields.GlobalVariableRead.name] ?? 0)
        if (typeOf(made, s) === types.GlobalVariableRead && name !== '$~') mentionWrite(name, s)
        return true
      },
    ],
    [types.Class, surveyClass],
    [types.Module, surveyModule],
    [types.SingletonClass, surveySingletonClass],
    [types.Def, surveyDef],
    [
      types.AliasMethod,
      (node, _depth, s) => {
        const { newName, oldName } = fields.AliasMethod
        surveyAlias(node, nodeAt(node + newName, s), nodeAt(node + oldName, s), s)
        return false
      },
    ],
    [
      types.Statements,
      (node, _depth, s) => {
        if (s.onScope.size > 0) passOn(node, childrenOf(s.words, node + fields.Statements.body), s)
        return true
      },
    ],
    [types.Parentheses, through(fields.Parentheses.body)],
    [types.Else, through(fields.Else.statements)],
    [types.Begin, begin],
    // Their classes are no expressions in the form, nor is the variable.
    [types.Rescue, only(fields.Rescue.statements, fields.Rescue.subsequent)],
    [types.Defined, nothing],
    [types.Undef, nothing],
  ]
  for (const [type, tell] of all) table[type] = tell
  return table
}
