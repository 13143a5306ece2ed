import type { Call, Expression } from '../form.ts'
import type { SourceModel } from '../model.ts'
import type { Frame } from './frame.ts'
import type { KnownCall } from './index-models.ts'
import type { Run } from './run.ts'
import { joinValues, type Label, nothing, shownLabels, type Value } from './value.ts'

/** What calls of libraries read. */
export function sourcePart(run: Run): Pick<Run, 'readSources' | 'failure'> {
  return { readSources, failure }

  function readSources({ sources }: KnownCall, call: Call, target: Value, args: readonly Value[], frame: Frame): Value {
    let value = nothing
    for (const source of sources)
      value = joinValues(
        value,
        source.label === 'upstream' ? readAnswer(source, call, target, frame) : readSource(source, call, args, frame),
      )
    return value
  }

  /** Named by the keys that the request carried: what an upstream answered to a request without one is not followed. */
  function readAnswer({ says }: SourceModel, call: Call, { options }: Value, frame: Frame): Value {
    const carried = options?.get('carried')
    if (typeof carried !== 'string' || carried === '*') return nothing
    return { labels: [run.label('upstream', carried, call, frame, `what the upstream answered ${says}`)] }
  }

  function readSource(source: SourceModel, call: Call, args: readonly Value[], frame: Frame): Value {
    const { label: what, named, says, notOf } = source
    const given = args[0]?.type
    // Of a class that is not known it is objects of one sort.
    if (notOf && args.length > 0 && (!given?.startsWith('class ') || notOf.test(given.slice(6)))) return nothing
    const read = (name: string): Label => ({
      ...run.label(what, name, call, frame, what === 'input' ? says : `${name} ${says}`),
      ...(source.lineEnds ? { lineEnds: source.lineEnds } : {}),
    })
    if (named === 'whole') return { labels: [read(source.title ?? call.name)] }
    if (named === 'call') {
      const name = call.name.replace(/[?!=]$/, '')
      return counts(source, name) ? { labels: [read(name)] } : nothing
    }
    const entry = (arg: Value | undefined): Value => {
      if (source.ofAll !== undefined && arg?.type === source.ofAll) {
        const title = `every variable of ${source.title ?? 'it'}`
        return { labels: [run.label('settings', title, call, frame, `${title} ${says}`)] }
      }
      const name = arg?.text
      // Whoever writes the variable that the name is kept in must have been run.
      if (name === undefined && arg?.unknown) run.want(arg)
      // `/proc/#{Process.pid}/environ`: a pattern for the whole name says what the open part may be.
      const isKnown = name !== undefined && (!name.includes('*') || (what === 'settings' && counts(source, name)))
      if (isKnown) return counts(source, name) ? { labels: [read(name)] } : nothing
      const chosen = arg && shownLabels(arg).some(({ what }) => what === 'input')
      // `"#{service}_API_KEY"` is the key of some service.
      if (!chosen && name !== undefined && source.names === undefined && /^\*\w+$/.test(name) && counts(source, name))
        return { labels: [read(name)] }
      if (!chosen || what !== 'key' || source.names instanceof RegExp)
        return source.names === 'any' ? { labels: [read(call.name)] } : nothing
      const title = `whatever the request names of ${source.title ?? 'it'}`
      return { labels: [run.label('settings', title, call, frame, `${title} ${says}`)] }
    }
    if (named === 'argument') return entry(args[0])
    if (named === 'any argument') {
      const any = args.reduce<Value>((joined, arg) => joinValues(joined, entry(arg)), nothing)
      // Programs that are run give what they say, alone or before how they ended.
      return any === nothing ? any : { ...any, fields: new Map([['*', any]]) }
    }
    return { labels: [], type: 'list', fields: new Map(args.map((arg, index) => [String(index), entry(arg)])) }
  }

  function counts({ names }: SourceModel, name: string): boolean {
    if (names === 'any') return true
    return names ? names.test(name) : run.knowledge.isSecretName(name)
  }

  function failure(at: Expression, frame: Frame): Value {
    const raised = run.readCell(run.cell('other', '', 'uncaught'))?.labels ?? []
    const about = run.label('message', '', at, frame, 'whatever a request raised')
    return { labels: [], type: 'exception', thrown: [about, ...raised] }
  }
}
