import type { Call, Closure } from '../form.ts'
import type { Frame } from './frame.ts'
import { keyText } from './records.ts'
import type { Run } from './run.ts'
import { tailsOf } from './tails.ts'
import { type Label, nothing, type Value } from './value.ts'

/** Routes, settings and filters of a web framework. */
export function frameworkPart(run: Run): Pick<Run, 'isAppValue' | 'isAppByName' | 'frameworkCall'> {
  const { program, record, framework } = run
  return { isAppValue, isAppByName, frameworkCall }

  function isAppValue({ type }: Value): boolean {
    if (type === 'settings') return true
    return type !== undefined && /^(?:class|instance) ./.test(type) && program.isSurelyApp(ownerOfType(type))
  }

  function isAppByName({ receiver, block }: Call): boolean {
    return (
      block?.kind === 'closure' &&
      receiver?.kind === 'read' &&
      (framework?.appNames ?? []).includes(receiver.variable.name)
    )
  }

  function frameworkCall(call: Call, receiver: Value | undefined, frame: Frame): Value | undefined {
    if (!framework) return undefined
    const owner = receiver?.type?.includes(' ') ? ownerOfType(receiver.type) : frame.owner
    if (!program.isApp(owner)) return undefined
    const { name, block } = call
    const closure = block?.kind === 'closure' ? block : undefined
    if (closure && framework.routes.includes(name) && (call.args.length > 0 || receiver !== undefined)) {
      const [path] = call.args
      const title = `${name.toUpperCase()} ${path?.kind === 'text' ? path.value : '…'}`
      return runRoute(closure, title, [], { ...frame, owner })
    }
    if (closure && framework.failures.includes(name)) {
      const which = call.args.flatMap((arg) => (arg.kind === 'read' ? [arg.variable.name] : []))
      const about: Label = {
        what: 'message',
        name: which.join(' '),
        trace: run.step(undefined, call, frame, `${which.join(', ') || 'whatever a request raised'} is handled`),
      }
      const exception: Value = {
        labels: [],
        type: 'exception',
        thrown: [about, ...(run.cells.get('uncaught')?.labels ?? [])],
      }
      return runRoute(closure, `The ${name} block`, name === 'not_found' ? [] : [exception], { ...frame, owner })
    }
    if (framework.sets.includes(name) && call.args.length > 0) return writeSettings(call, frame)
    if (receiver === undefined && framework.settings.includes(name) && call.args.length === 0)
      return { labels: [], type: 'settings' }
    if (receiver && call.args.length === 0 && !program.scopeMethod(owner, name) && !program.method(owner, name)) {
      const held = run.cells.get(`setting ${name}`)
      if (held)
        return held.labels.length > 0
          ? { ...held, labels: run.traced(held.labels, call, frame, `the setting ${name} is read`) }
          : held
    }
    return undefined
  }

  function writeSettings(call: Call, frame: Frame): Value {
    const [first, second] = call.args
    const entries =
      first?.kind === 'table'
        ? first.entries.flatMap(({ key, value }) => (key ? [{ key, value }] : []))
        : second && first
          ? [{ key: first, value: second }]
          : []
    for (const { key, value } of entries) {
      const held = run.evaluate(value, frame)
      const name = keyText(key, run.evaluate(key, frame))
      if (name === undefined) continue
      const result = held.closure ? run.runClosure(held.closure, []) : held
      run.writeCell(`setting ${name}`, {
        ...result,
        labels: run.traced(result.labels, call, frame, `kept in the setting ${name}`),
      })
    }
    if (first && call.block) {
      const name = keyText(first, run.evaluate(first, frame))
      const block = run.evaluate(call.block, frame)
      if (block.closure && name !== undefined) run.writeCell(`setting ${name}`, run.runClosure(block.closure, []))
    }
    return nothing
  }

  function runRoute(closure: Closure, context: string, args: readonly Value[], frame: Frame): Value {
    const raised = { labels: [] as readonly Label[] }
    const given = { context, raised, tails: tailsOf(closure.body), onScope: false, owner: frame.owner }
    run.runClosure({ closure, frame }, args, given)
    if (raised.labels.length > 0) run.writeCell('uncaught', { labels: raised.labels })
    for (const label of raised.labels) {
      // What nobody rescues leaks where it is raised.
      const { file, start, end } = label.trace
      record.add({ sink: 'raise', labels: [label], file, start, end, says: '', context, name: '' })
    }
    return nothing
  }
}

/** `class App` and `instance App` are of App. */
function ownerOfType(type: string): string {
  return type.slice(type.indexOf(' ') + 1)
}
