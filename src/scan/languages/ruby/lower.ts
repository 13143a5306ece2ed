import * as prism from '@ruby/prism/src/nodes.js'
import type { Call, Closure, Entry, Expression, Parameter, Rescue, Variable } from '../../form.ts'

type Node = prism.Node | prism.Node[] | null | undefined

/** A prism class and how its nodes become expressions. By class and not by name: a bundler may rename classes. */
type Lowering = (node: prism.Node) => Expression

/** Ruby's tree in the common form. Raises RangeError where the nesting is deeper than the stack. */
export function lower(program: prism.ProgramNode, toOffset: (bytes: number) => number): Expression {
  const at = ({ location }: { location: prism.Location }) => ({
    start: toOffset(location.startOffset),
    end: toOffset(location.startOffset + location.length),
  })
  const nowhere = at(program)

  const one = (node: Node): Expression => {
    if (!node) return { kind: 'constant', value: null, ...nowhere, end: nowhere.start }
    if (Array.isArray(node)) return { kind: 'sequence', body: node.map(one), ...nowhere }
    return (lowerings.get(node.constructor) ?? other)(node)
  }
  const all = (nodes: readonly Node[] | undefined): Expression[] => (nodes ?? []).filter((node) => !!node).map(one)
  const maybe = (node: Node): Expression | undefined => (node ? one(node) : undefined)

  /** What is not known by name: its parts, found among its fields (the package's own child list skips lists). */
  const other = (node: prism.Node): Expression => {
    const parts = Object.values(node).flatMap((field: unknown) => (Array.isArray(field) ? field : [field]))
    return { kind: 'other', parts: parts.filter(isNode).map(one), ...at(node) }
  }

  const entries = (elements: readonly prism.Node[]): Entry[] =>
    elements.flatMap((element): Entry[] => {
      if (element instanceof prism.AssocNode) return [{ key: one(element.key), value: one(element.value) }]
      if (element instanceof prism.AssocSplatNode) return element.value ? [{ value: one(element.value) }] : []
      return [{ value: one(element) }]
    })

  const read =
    (scope: Variable['scope']) =>
    (node: { name: string; location: prism.Location }): Expression => ({
      kind: 'read',
      variable: { scope, name: node.name },
      ...at(node),
    })
  const write =
    (scope: Variable['scope'], adds = false) =>
    (node: { name: string; value: prism.Node; location: prism.Location }): Expression => ({
      kind: 'write',
      variable: { scope, name: node.name },
      value: one(node.value),
      adds,
      ...at(node),
    })
  const operatorWrite =
    (scope: Variable['scope']) =>
    (node: {
      name: string
      value: prism.Node
      binaryOperator: string
      location: prism.Location
      binaryOperatorLoc: prism.Location
    }): Expression => {
      const place = at(node)
      const receiver: Expression = { kind: 'read', variable: { scope, name: node.name }, ...place }
      const value: Call = {
        kind: 'call',
        receiver,
        name: node.binaryOperator,
        args: [one(node.value)],
        nameStart: toOffset(node.binaryOperatorLoc.startOffset),
        ...place,
      }
      return { kind: 'write', variable: { scope, name: node.name }, value, adds: true, ...place }
    }

  /** Writes `value` to the target of a multiple assignment, a rescue or a loop. */
  const assign = (target: prism.Node, value: Expression): Expression => {
    const place = at(target)
    const variable = targetVariable(target)
    if (variable) return { kind: 'write', variable, value, adds: false, ...place }
    if (target instanceof prism.IndexTargetNode) {
      const args = [...all(target.arguments_?.arguments_), value]
      return { kind: 'call', receiver: one(target.receiver), name: '[]=', args, nameStart: place.start, ...place }
    }
    if (target instanceof prism.CallTargetNode) {
      return {
        kind: 'call',
        receiver: one(target.receiver),
        name: target.name,
        args: [value],
        nameStart: place.start,
        ...place,
      }
    }
    if (target instanceof prism.MultiTargetNode)
      return spread([...target.lefts, target.rest, ...target.rights], value, place)
    if (target instanceof prism.SplatNode && target.expression) return assign(target.expression, value)
    return value
  }

  /** `a, b = list`: each target gets its item where the list is written out, else what any item may be. */
  const spread = (targets: Node[], value: Expression, place: { start: number; end: number }): Expression => {
    const body = targets.flatMap((target, index): Expression[] => {
      if (!target || Array.isArray(target)) return []
      if (value.kind === 'list') return [assign(target, value.items[index] ?? { kind: 'other', parts: [], ...place })]
      const position: Expression = { kind: 'constant', value: index, ...place }
      return [
        assign(target, {
          kind: 'call',
          receiver: value,
          name: '[]',
          args: [position],
          nameStart: place.start,
          ...place,
        }),
      ]
    })
    return { kind: 'sequence', body: [...body, value], ...place }
  }

  const call = (node: prism.CallNode): Expression => {
    const place = at(node)
    const { name } = node
    const args = all(node.arguments_?.arguments_)
    if (!node.receiver && (name === 'raise' || name === 'fail')) return raise(node, args)
    if (!node.receiver && (name === 'lambda' || name === 'proc') && node.block instanceof prism.BlockNode)
      return one(node.block)
    if (!node.receiver && /^attr_(?:reader|writer|accessor)$/.test(name)) return accessors(name, args, place)
    const receiver = maybe(node.receiver)
    const block = maybe(node.block instanceof prism.BlockArgumentNode ? node.block.expression : node.block)
    return {
      kind: 'call',
      ...(receiver ? { receiver } : {}),
      name,
      args,
      ...(block ? { block } : {}),
      nameStart: node.messageLoc ? toOffset(node.messageLoc.startOffset) : place.start,
      ...place,
    }
  }

  const raise = (node: prism.CallNode, args: Expression[]): Expression => {
    const first = node.arguments_?.arguments_[0]
    const named = first instanceof prism.CallNode && first.name === 'new' ? first.receiver : first
    const isText = first instanceof prism.StringNode || first instanceof prism.InterpolatedStringNode
    const error = (named && constantName(named)) ?? (isText ? 'RuntimeError' : undefined)
    const values =
      first instanceof prism.CallNode && first.name === 'new'
        ? all(first.arguments_?.arguments_)
        : error && !isText
          ? []
          : args.slice(0, 1)
    return {
      kind: 'throw',
      ...(error ? { error } : {}),
      values: [...values, ...args.slice(1).filter((arg) => arg.kind !== 'table')],
      ...at(node),
    }
  }

  /** `attr_accessor :key` as the two methods that it makes. */
  const accessors = (name: string, args: readonly Expression[], place: { start: number; end: number }): Expression => {
    const body = args.flatMap((arg): Expression[] => {
      if (arg.kind !== 'text') return []
      const variable: Variable = { scope: 'instance', name: `@${arg.value}` }
      const where = { start: arg.start, end: arg.end }
      const reader: Closure = { kind: 'closure', params: [], body: { kind: 'read', variable, ...where }, ...where }
      const value: Expression = { kind: 'read', variable: { scope: 'local', name: 'value' }, ...where }
      const writer: Closure = {
        kind: 'closure',
        params: [{ name: 'value', taken: 'position' }],
        body: { kind: 'write', variable, value, adds: false, ...where },
        ...where,
      }
      const made: Expression[] = []
      if (name !== 'attr_writer')
        made.push({ kind: 'define', name: arg.value, on: 'instance', closure: reader, ...where })
      if (name !== 'attr_reader')
        made.push({ kind: 'define', name: `${arg.value}=`, on: 'instance', closure: writer, ...where })
      return made
    })
    return { kind: 'sequence', body, ...place }
  }

  const parameters = (node: Node): Parameter[] => {
    if (node instanceof prism.BlockParametersNode) return parameters(node.parameters)
    if (node instanceof prism.NumberedParametersNode) {
      return Array.from({ length: node.maximum }, (_, index) => ({ name: `_${index + 1}`, taken: 'position' as const }))
    }
    if (node instanceof prism.ItParametersNode) return [{ name: 'it', taken: 'position' }]
    if (!(node instanceof prism.ParametersNode)) return []
    const position = (param: prism.Node): Parameter[] => {
      if (param instanceof prism.RequiredParameterNode) return [{ name: param.name, taken: 'position' }]
      if (param instanceof prism.OptionalParameterNode)
        return [{ name: param.name, taken: 'position', fallback: one(param.value) }]
      return [{ name: '', taken: 'position' }]
    }
    return [
      ...[...node.requireds, ...node.optionals].flatMap(position),
      ...(node.rest instanceof prism.RestParameterNode
        ? [{ name: node.rest.name ?? '*', taken: 'rest' as const }]
        : []),
      ...node.posts.flatMap(position),
      ...node.keywords.flatMap((param): Parameter[] => {
        if (param instanceof prism.RequiredKeywordParameterNode) return [{ name: param.name, taken: 'name' }]
        if (param instanceof prism.OptionalKeywordParameterNode)
          return [{ name: param.name, taken: 'name', fallback: one(param.value) }]
        return []
      }),
      ...(node.keywordRest instanceof prism.KeywordRestParameterNode
        ? [{ name: node.keywordRest.name ?? '**', taken: 'named rest' as const }]
        : []),
      ...(node.block ? [{ name: node.block.name ?? '&', taken: 'block' as const }] : []),
    ]
  }

  const closure = (node: { parameters: Node; body: Node; location: prism.Location }): Closure => ({
    kind: 'closure',
    params: parameters(node.parameters),
    body: one(node.body),
    ...at(node),
  })

  const begin = (node: prism.BeginNode): Expression => {
    const statements = one(node.statements)
    const body: Expression = node.elseClause
      ? { kind: 'sequence', body: [statements, one(node.elseClause.statements)], ...at(node) }
      : statements
    if (!node.rescueClause && !node.ensureClause) return body
    const after = node.ensureClause ? all([node.ensureClause.statements]) : []
    return { kind: 'attempt', body, rescues: rescues(node.rescueClause), after, ...at(node) }
  }

  const rescues = (first: prism.RescueNode | null): Rescue[] => {
    const list: Rescue[] = []
    for (let clause = first; clause; clause = clause.subsequent) {
      const variable = clause.reference ? targetVariable(clause.reference) : undefined
      list.push({
        catches: caughtBy(clause),
        ...(variable ? { variable } : {}),
        body: one(clause.statements),
        ...at(clause),
      })
    }
    return list
  }

  const conditional = (node: prism.IfNode | prism.UnlessNode): Expression => {
    const rest = node instanceof prism.IfNode ? node.subsequent : node.elseClause
    const test = one(node.predicate)
    const place = at(node)
    // `unless x` is a test of its own, so that whoever reads a test for what it says is not misled.
    const tests =
      node instanceof prism.IfNode
        ? test
        : { kind: 'call' as const, receiver: test, name: '!', args: [], nameStart: place.start, ...place }
    return { kind: 'branch', tests: [tests], arms: [one(node.statements), one(rest)], ...place }
  }

  const cases = (node: prism.CaseNode | prism.CaseMatchNode): Expression => {
    const tests: Expression[] = []
    const arms: Expression[] = []
    for (const condition of node.conditions) {
      if (condition instanceof prism.WhenNode) {
        tests.push({
          kind: 'other',
          parts: [...(arms.length === 0 ? all([node.predicate]) : []), ...all(condition.conditions)],
          ...at(condition),
        })
        arms.push(one(condition.statements))
      } else if (condition instanceof prism.InNode) {
        tests.push({ kind: 'other', parts: all([node.predicate]), ...at(condition) })
        arms.push(one(condition.statements))
      }
    }
    return { kind: 'branch', tests, arms: [...arms, one(node.elseClause)], ...at(node) }
  }

  const leave =
    (from: 'function' | 'block' | 'loop') =>
    (node: { arguments_: prism.ArgumentsNode | null; location: prism.Location }): Expression => {
      const values = all(node.arguments_?.arguments_)
      const value: Expression | undefined = values.length > 1 ? { kind: 'list', items: values, ...at(node) } : values[0]
      return { kind: 'leave', from, ...(value ? { value } : {}), ...at(node) }
    }

  const join = (node: { parts: prism.Node[]; location: prism.Location }): Expression => ({
    kind: 'join',
    parts: all(node.parts),
    ...at(node),
  })

  /** `a.b ||= c` and `h[k] ||= c`: a read that may be replaced. */
  const callWrite = (
    node: prism.CallOrWriteNode | prism.CallAndWriteNode | prism.CallOperatorWriteNode,
  ): Expression => {
    const place = at(node)
    const receiver = maybe(node.receiver)
    return {
      kind: 'call',
      ...(receiver ? { receiver } : {}),
      name: `${node.readName}=`,
      args: [one(node.value)],
      nameStart: place.start,
      ...place,
    }
  }
  const indexWrite = (
    node: prism.IndexOrWriteNode | prism.IndexAndWriteNode | prism.IndexOperatorWriteNode,
  ): Expression => {
    const place = at(node)
    const receiver = maybe(node.receiver)
    const args = [...all(node.arguments_?.arguments_), one(node.value)]
    return { kind: 'call', ...(receiver ? { receiver } : {}), name: '[]=', args, nameStart: place.start, ...place }
  }

  const superCall = (node: prism.SuperNode | prism.ForwardingSuperNode): Expression => {
    const place = at(node)
    const args = node instanceof prism.SuperNode ? all(node.arguments_?.arguments_) : []
    return { kind: 'call', name: 'super', args, nameStart: place.start, ...place }
  }

  const constantWrite = (node: prism.ConstantPathWriteNode | prism.ConstantPathOrWriteNode): Expression => ({
    kind: 'write',
    variable: { scope: 'constant', name: constantName(node.target) ?? '' },
    value: one(node.value),
    adds: false,
    ...at(node),
  })

  const lowerings = new Map<unknown, Lowering>()
  const on = <C extends new (...args: never[]) => prism.Node>(
    types: readonly C[],
    lowering: (node: InstanceType<C>) => Expression,
  ) => {
    for (const type of types) lowerings.set(type, lowering as Lowering)
  }

  on([prism.ProgramNode, prism.EmbeddedStatementsNode, prism.ElseNode], (node) => one(node.statements))
  on([prism.StatementsNode], (node) =>
    node.body.length === 1 ? one(node.body[0]) : { kind: 'sequence', body: node.body.map(one), ...at(node) },
  )
  on([prism.ParenthesesNode], (node) => one(node.body))
  on([prism.ImplicitNode], (node) => one(node.value))
  on([prism.EmbeddedVariableNode], (node) => one(node.variable))
  on([prism.ShareableConstantNode], (node) => one(node.write))
  on([prism.StringNode, prism.XStringNode], (node) => ({
    kind: 'text',
    value: node.unescaped.value,
    symbol: false,
    ...at(node),
  }))
  on([prism.SymbolNode], (node) => ({ kind: 'text', value: node.unescaped.value, symbol: true, ...at(node) }))
  on([prism.SourceFileNode], (node) => ({ kind: 'text', value: '', symbol: false, ...at(node) }))
  on([prism.InterpolatedStringNode, prism.InterpolatedSymbolNode, prism.InterpolatedXStringNode], join)
  on([prism.IntegerNode, prism.FloatNode], (node) => ({ kind: 'constant', value: Number(node.value), ...at(node) }))
  on([prism.NilNode], (node) => ({ kind: 'constant', value: null, ...at(node) }))
  on([prism.TrueNode], (node) => ({ kind: 'constant', value: true, ...at(node) }))
  on([prism.FalseNode], (node) => ({ kind: 'constant', value: false, ...at(node) }))
  on([prism.RegularExpressionNode], (node) => ({ kind: 'constant', value: 'pattern', ...at(node) }))
  on([prism.SelfNode], (node) => ({ kind: 'read', variable: { scope: 'local', name: 'self' }, ...at(node) }))
  on([prism.ArrayNode], (node) => ({ kind: 'list', items: all(node.elements), ...at(node) }))
  on([prism.SplatNode], (node) => one(node.expression))
  on([prism.HashNode, prism.KeywordHashNode], (node) => ({
    kind: 'table',
    entries: entries(node.elements),
    ...at(node),
  }))
  on([prism.LocalVariableReadNode], read('local'))
  on([prism.ItLocalVariableReadNode], (node) => ({
    kind: 'read',
    variable: { scope: 'local', name: 'it' },
    ...at(node),
  }))
  on([prism.InstanceVariableReadNode], read('instance'))
  on([prism.ClassVariableReadNode], read('class'))
  on([prism.GlobalVariableReadNode, prism.BackReferenceReadNode], read('global'))
  on([prism.ConstantReadNode], read('constant'))
  on([prism.ConstantPathNode], (node) => {
    const name = constantName(node)
    return name ? { kind: 'read', variable: { scope: 'constant', name }, ...at(node) } : other(node)
  })
  on([prism.LocalVariableWriteNode], write('local'))
  on([prism.InstanceVariableWriteNode], write('instance'))
  on([prism.ClassVariableWriteNode], write('class'))
  on([prism.GlobalVariableWriteNode], write('global'))
  on([prism.ConstantWriteNode], write('constant'))
  on([prism.LocalVariableOrWriteNode, prism.LocalVariableAndWriteNode], write('local', true))
  on([prism.InstanceVariableOrWriteNode, prism.InstanceVariableAndWriteNode], write('instance', true))
  on([prism.ClassVariableOrWriteNode, prism.ClassVariableAndWriteNode], write('class', true))
  on([prism.GlobalVariableOrWriteNode, prism.GlobalVariableAndWriteNode], write('global', true))
  on([prism.ConstantOrWriteNode, prism.ConstantAndWriteNode], write('constant', true))
  on([prism.LocalVariableOperatorWriteNode], operatorWrite('local'))
  on([prism.InstanceVariableOperatorWriteNode], operatorWrite('instance'))
  on([prism.ClassVariableOperatorWriteNode], operatorWrite('class'))
  on([prism.GlobalVariableOperatorWriteNode], operatorWrite('global'))
  on([prism.ConstantPathWriteNode, prism.ConstantPathOrWriteNode], constantWrite)
  on([prism.MultiWriteNode], (node) => spread([...node.lefts, node.rest, ...node.rights], one(node.value), at(node)))
  on([prism.CallNode], call)
  on([prism.CallOrWriteNode, prism.CallAndWriteNode, prism.CallOperatorWriteNode], callWrite)
  on([prism.IndexOrWriteNode, prism.IndexAndWriteNode, prism.IndexOperatorWriteNode], indexWrite)
  on([prism.SuperNode, prism.ForwardingSuperNode], superCall)
  on([prism.YieldNode], (node) => ({
    kind: 'call',
    name: 'yield',
    args: all(node.arguments_?.arguments_),
    nameStart: at(node).start,
    ...at(node),
  }))
  on([prism.BlockNode, prism.LambdaNode], closure)
  on([prism.DefNode], (node) => ({
    kind: 'define',
    // What makes an instance is called `new` in the common form.
    name: node.name === 'initialize' ? 'new' : node.name,
    on: node.receiver ? 'scope' : 'instance',
    closure: closure(node),
    ...at(node),
  }))
  on([prism.ClassNode], (node) => {
    const parent = node.superclass ? constantName(node.superclass) : undefined
    return {
      kind: 'scope',
      name: constantName(node.constantPath) ?? node.name,
      ...(parent ? { parent } : {}),
      body: one(node.body),
      ...at(node),
    }
  })
  on([prism.ModuleNode], (node) => ({
    kind: 'scope',
    name: constantName(node.constantPath) ?? node.name,
    body: one(node.body),
    ...at(node),
  }))
  on([prism.SingletonClassNode], (node) => onScope(one(node.body)))
  on([prism.BeginNode], begin)
  on([prism.RescueModifierNode], (node) => ({
    kind: 'attempt',
    body: one(node.expression),
    rescues: [{ catches: [], body: one(node.rescueExpression), ...at(node) }],
    after: [],
    ...at(node),
  }))
  on([prism.IfNode, prism.UnlessNode], conditional)
  on([prism.CaseNode, prism.CaseMatchNode], cases)
  on([prism.AndNode], (node) => ({ kind: 'branch', tests: [one(node.left)], arms: [one(node.right)], ...at(node) }))
  on([prism.OrNode], (node) => ({ kind: 'branch', tests: [], arms: [one(node.left), one(node.right)], ...at(node) }))
  on([prism.WhileNode, prism.UntilNode], (node) => ({
    kind: 'loop',
    test: one(node.predicate),
    body: one(node.statements),
    ...at(node),
  }))
  on([prism.ForNode], (node) => {
    const item: Expression = {
      kind: 'call',
      receiver: one(node.collection),
      name: 'first',
      args: [],
      nameStart: at(node).start,
      ...at(node),
    }
    return { kind: 'loop', test: assign(node.index, item), body: one(node.statements), ...at(node) }
  })
  on([prism.ReturnNode], leave('function'))
  on([prism.NextNode], leave('block'))
  on([prism.BreakNode], leave('loop'))
  return one(program)
}

/** Names of what a clause catches; none where it catches what every program raises. */
function caughtBy(clause: prism.RescueNode): string[] {
  const names = clause.exceptions.map(constantName)
  const isWide = names.some((name) => name === undefined || /^(?:::)?(?:StandardError|Exception)$/.test(name))
  return isWide ? [] : names.filter((name) => name !== undefined)
}

/** What `class << self` defines is defined on the scope. */
function onScope(body: Expression): Expression {
  if (body.kind === 'define') return { ...body, on: 'scope' }
  if (body.kind === 'sequence') return { ...body, body: body.body.map(onScope) }
  return body
}

function targetVariable(target: prism.Node): Variable | undefined {
  if (target instanceof prism.LocalVariableTargetNode) return { scope: 'local', name: target.name }
  if (target instanceof prism.InstanceVariableTargetNode) return { scope: 'instance', name: target.name }
  if (target instanceof prism.ClassVariableTargetNode) return { scope: 'class', name: target.name }
  if (target instanceof prism.GlobalVariableTargetNode) return { scope: 'global', name: target.name }
  if (target instanceof prism.ConstantTargetNode) return { scope: 'constant', name: target.name }
  return undefined
}

/** `A::B` and `::A`; nothing where a part is computed. */
function constantName(node: prism.Node): string | undefined {
  if (node instanceof prism.ConstantReadNode) return node.name
  if (!(node instanceof prism.ConstantPathNode) || node.name === null) return undefined
  if (!node.parent) return node.name
  const parent = constantName(node.parent)
  return parent === undefined ? undefined : `${parent}::${node.name}`
}

function isNode(field: unknown): field is prism.Node {
  return typeof field === 'object' && field !== null && 'nodeID' in field
}
