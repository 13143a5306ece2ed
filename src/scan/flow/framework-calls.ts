import type { Call, Closure, Expression } from '../form.ts'
import type { Framework } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import { captureReader } from './captures.ts'
import type { Checked } from './checks.ts'
import { whereConfigured } from './environments.ts'
import { type Frame, newFrame } from './frame.ts'
import { keyText } from './records.ts'
import type { Run } from './run.ts'
import { tailsOf } from './tails.ts'
import { type Label, nothing, type Value, withLabels } from './value.ts'

/** Routes, settings and filters of a web framework, and its templates. */
export function frameworkPart(
  run: Run,
): Pick<Run, 'isAppValue' | 'isAppByName' | 'frameworkCall' | 'renderTemplate' | 'renderText'> {
  const { program, record, index } = run
  const captured = captureReader(run)
  return { isAppValue, isAppByName, frameworkCall, renderTemplate, renderText }

  function isAppValue({ type }: Value): boolean {
    if (type === undefined) return false
    if (type === 'settings') return true
    if (type.startsWith('class ') || type.startsWith('instance '))
      return program.surelyFrameworkOf(ownerOfType(type)) !== undefined
    return program.frameworks.some(({ routesOn }) => routesOn?.includes(type))
  }

  function isAppByName({ receiver, block, name }: Call, frame: Frame): boolean {
    if (receiver?.kind !== 'read') return false
    const framework = frame.framework ?? program.frameworks[0]
    if (!framework?.appNames.includes(receiver.variable.name)) return false
    return block?.kind === 'closure' || index.roleOf(framework, name) === 'set'
  }

  function frameworkCall(call: Call, receiver: Value | undefined, frame: Frame): Value | undefined {
    const own = receiver?.type?.includes(' ') && /^(?:class|instance) /.test(receiver.type)
    const owner = own ? ownerOfType(receiver?.type ?? '') : frame.owner
    const framework = (own ? program.frameworkOf(owner) : frame.framework) ?? program.frameworks[0]
    if (!framework) return undefined
    const { name, block } = call
    const closure = block?.kind === 'closure' ? block : undefined
    const [first] = call.args
    const role =
      index.roleOf(framework, name) ??
      (first?.kind === 'text' ? index.roleOf(framework, `${name} ${first.value}`) : undefined)
    if (receiver?.type && framework.routesOn?.includes(receiver.type)) {
      if (role !== 'route' || !closure) return undefined
      const { values, checked } = captured(framework, closure, call, frame)
      return runRoute(closure, routeTitle(call), values, framework, owner, frame, checked)
    }
    const isRoute = call.args.length > 0 || receiver !== undefined || (frame.onScope && owner !== '')
    if (closure && role === 'route' && !framework.routesOn && isRoute) {
      const { values, checked } = captured(framework, closure, call, frame)
      return runRoute(closure, routeTitle(call), [...takenBy(framework), ...values], framework, owner, frame, checked)
    }
    if (closure && role === 'tree') return runRoute(closure, 'The routes', takenBy(framework), framework, owner, frame)
    if (closure && role === 'group') {
      const { variables, where } = frame
      return run.runClosure({ closure, frame, variables, where }, [], { owner, framework })
    }
    if (role === 'failure') return handleFailure(call, closure, framework, owner, frame)
    if (closure && role === 'filter') {
      // What a filter gives is not the answer.
      const { variables, where } = frame
      run.runClosure({ closure, frame, variables, where }, [], {
        onScope: false,
        owner,
        framework,
        context: `The ${name} filter`,
      })
      return nothing
    }
    if (closure && role === 'configure') {
      const { variables } = frame
      const where = frame.where & (whereConfigured(call, framework) ?? frame.where)
      return where === 0 ? nothing : run.runClosure({ closure, frame, variables, where }, [])
    }
    if (role === 'set' && call.args.length > 0) return writeSettings(call, frame)
    if ((receiver === undefined || own) && role === 'settings' && call.args.length === 0)
      return { labels: [], type: 'settings', fields: new Map() }
    if (receiver && call.args.length === 0 && !program.scopeMethod(owner, name) && !program.method(owner, name))
      return readSetting(call, framework, frame)
    return undefined
  }

  function readSetting(call: Call, framework: Framework, frame: Frame): Value | undefined {
    const held = run.readCell(run.cell('setting', '', call.name)) ?? settingOfFile(call, framework, frame)
    if (!held || held.labels.length === 0) return held
    return withLabels(held, run.traced(held.labels, call, frame, `the setting ${call.name} is read`))
  }

  /** One that only a file can have set. */
  function settingOfFile(call: Call, { settingsFiles = [] }: Framework, frame: Frame): Value | undefined {
    if (settingsFiles.length === 0 || program.mentioning(settingsFiles).length === 0) return undefined
    const { name } = call
    const isSecret = run.knowledge.isSecretName(name)
    const labels = isSecret ? [run.label('key', name, call, frame, `${name} is read from the configuration`)] : []
    return { labels, type: 'configuration entry' }
  }

  function handleFailure(
    call: Call,
    closure: Closure | undefined,
    framework: Framework,
    owner: string,
    frame: Frame,
  ): Value | undefined {
    const which = call.args.flatMap((arg) => (arg.kind === 'read' ? [arg.variable.name] : []))
    const handler = call.args.flatMap((arg) => (arg.kind === 'table' ? arg.entries : []))
    const named = handler.find(({ key }) => key?.kind === 'text' && key.value === 'with')?.value
    const block = closure ?? (named?.kind === 'closure' ? named : undefined)
    if (!block && named?.kind !== 'text' && !framework.failuresShowMessage) return undefined
    const about = run.label(
      'message',
      which.join(' '),
      call,
      frame,
      `${which.join(', ') || 'whatever a request raised'} is handled`,
    )
    const raised = run.readCell(run.cell('other', '', 'uncaught'))?.labels ?? []
    const exception: Value = { labels: [], type: 'exception', thrown: [about, ...raised] }
    if (block) {
      const more = (framework.failuresTake ?? []).map((type): Value => ({ labels: [], type, fields: new Map() }))
      const args = call.name === 'not_found' ? [] : [exception, ...more]
      return runRoute(block, `The ${call.name} block`, args, framework, owner, frame)
    }
    if (named?.kind !== 'text') {
      const labels = run.shownOfException(exception, ['message'], call, frame)
      run.emit({ sink: 'response', labels, at: call, frame, says: 'answered to the client', name: call.name })
      return nothing
    }
    const method = program.method(owner, named.value)
    if (method) run.invoke(method, { owner, onScope: false }, [exception], undefined, call, frame)
    return nothing
  }

  function writeSettings(call: Call, frame: Frame): Value {
    const [first, second] = call.args
    for (const { key, value } of pairsOf(first, second)) {
      const held = run.evaluate(value, frame)
      const name = keyText(key, run.evaluate(key, frame))
      if (name === undefined) continue
      const result = held.closure ? run.runClosure(held.closure, []) : held
      run.writeCell(
        run.cell('setting', '', name),
        withLabels(result, run.traced(result.labels, call, frame, `kept in the setting ${name}`)),
      )
    }
    if (first && call.block) {
      const name = keyText(first, run.evaluate(first, frame))
      const block = run.evaluate(call.block, frame)
      if (block.closure && name !== undefined)
        run.writeCell(run.cell('setting', '', name), run.runClosure(block.closure, []))
    }
    return nothing
  }

  function runRoute(
    closure: Closure,
    context: string,
    args: readonly Value[],
    framework: Framework,
    owner: string,
    frame: Frame,
    checked: Checked = frame.checked,
  ): Value {
    const raised = { labels: [] as readonly Label[] }
    const tails = framework.answersWithValue ? tailsOf(closure.body) : undefined
    const { variables, where } = frame
    const given = { context, raised, tails, onScope: false, owner, framework, handled: undefined, checked }
    run.runClosure({ closure, frame, variables, where }, args, given)
    leftUncaught(raised.labels, context, where)
    return nothing
  }

  /** What nobody rescues leaks where it is raised. */
  function leftUncaught(labels: readonly Label[], context: string, where: number): void {
    if (labels.length > 0) run.writeCell(run.cell('other', '', 'uncaught'), { labels })
    for (const label of labels) {
      const { file, start, end } = label.trace
      record.add({
        sink: 'raise',
        labels: [label],
        file,
        start,
        end,
        says: '',
        context,
        name: '',
        where: where & label.where,
      })
    }
  }

  function renderTemplate(name: string, locals: Value | undefined, at: Expression, frame: Frame): Value | undefined {
    const template = templateCode(name, frame)
    if (!template || frame.depth >= renderDepthMax) return undefined
    const inner = newFrame({
      file: template.source,
      owner: frame.owner,
      onScope: false,
      context: frame.context,
      framework: frame.framework,
      where: frame.where,
      depth: frame.depth + 1,
      block: frame.block,
      output: { labels: [], isAnswer: frame.output?.isAnswer ?? true },
    })
    const given = locals?.type === 'table' ? locals.fields : undefined
    const { own } = inner.variables
    for (const [key, value] of given?.get('locals')?.fields ?? []) own.set(key, value)
    // Partials take their variables without a word.
    for (const [key, value] of given ?? []) if (key !== 'locals' && !own.has(key)) own.set(key, value)
    run.evaluate(template.body, inner)
    const labels = inner.output?.labels ?? []
    return { labels: run.traced(labels, at, frame, `answered through ${template.path}`) }
  }

  function renderText(text: string, variables: Value | undefined, at: Expression, frame: Frame): Value | undefined {
    const template = templateCode(text, frame)
    if (!template || frame.depth >= renderDepthMax) return undefined
    const bound = variables?.type === 'binding' ? variables.closure : undefined
    const within = (bound?.frame as Frame | undefined) ?? frame
    const output = { labels: [], isAnswer: false }
    const own = new Map(variables?.type === 'table' ? variables.fields : undefined)
    run.evaluate(template.body, {
      ...within,
      file: template.source,
      depth: frame.depth + 1,
      tails: undefined,
      returns: { value: nothing },
      raised: frame.raised,
      output,
      variables: { own, outer: bound?.variables ?? frame.variables },
    })
    return { labels: run.traced(output.labels, at, frame, 'built from the template') }
  }

  /** What stands in code is found before files. */
  function templateCode(name: string, frame: Frame): TemplateCode | undefined {
    const { path } = frame.file
    const method = run.templates.inCode(name, path)
    const closure = method && run.units.closureOf(method)
    if (method && closure)
      return { body: closure.body, source: run.units.sourceOf(method.file) ?? frame.file, path: method.file.path }
    const file = run.templates.named(name, path)
    const unit = file && run.units.of(file)
    return unit && { body: unit.form, source: unit.source, path: file.path }
  }
}

/** Templates that render one another. */
const renderDepthMax = 8

interface TemplateCode {
  readonly body: Expression
  readonly source: SourceFile
  readonly path: string
}

function takenBy({ routeTakes, routesOn }: Framework): Value[] {
  return (routeTakes ?? routesOn ?? []).map((type) => ({ labels: [], type, fields: new Map() }))
}

function routeTitle({ name, args }: Call): string {
  const [path] = args
  return `${name.toUpperCase()} ${path?.kind === 'text' ? path.value : '…'}`
}

function pairsOf(
  first: Expression | undefined,
  second: Expression | undefined,
): { readonly key: Expression; readonly value: Expression }[] {
  if (first?.kind === 'table') return first.entries.flatMap(({ key, value }) => (key ? [{ key, value }] : []))
  return second && first ? [{ key: first, value: second }] : []
}

/** `class App` and `instance App` are of App. */
function ownerOfType(type: string): string {
  return type.slice(type.indexOf(' ') + 1)
}
