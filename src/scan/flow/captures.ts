import type { Call, Closure, Expression } from '../form.ts'
import type { Framework } from '../model.ts'
import { callsOf } from './calls-of.ts'
import type { Checked } from './checks.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'
import type { Value } from './value.ts'

/** What a route knows of its path. */
export interface Captured {
  /** What its block is given by its pattern: the parts of the path that a client has chosen, in their order. */
  readonly values: readonly Value[]
  /** What is known of those that it reads by their names. */
  readonly checked: Checked
}

type Capture = 'text' | 'segment' | 'harmless'

const nothingKnown: Checked = new Map()

/** Reads the patterns of routes. */
export function captureReader(run: Run): (framework: Framework, block: Closure, call: Call, frame: Frame) => Captured {
  const guarded = new Map<string, boolean>()
  return captured

  function captured(framework: Framework, { params }: Closure, call: Call, frame: Frame): Captured {
    const { captures, guardsPath } = framework
    const [pattern] = call.args
    if (captures === undefined || !pattern) return { values: [], checked: nothingKnown }
    const isGuarded = guardsPath !== undefined && guards(guardsPath.switch, framework)
    const found = captures === 'segments' ? call.args.flatMap(segmentOf) : partsOf(pattern, frame)
    const values = params.map(({ name, taken }, position): Value => {
      const capture = found[position] ?? (taken === 'rest' ? found.at(-1) : undefined)
      if (capture === undefined || capture === 'harmless') return { labels: [] }
      const label = run.label('input', name, call, frame, 'is a part of the path, chosen by whoever sends the request')
      return { labels: [isGuarded || capture === 'segment' ? { ...label, cleared: 'parents' } : label] }
    })
    return { values, checked: isGuarded ? namedIn(pattern, guardsPath.parameters) : nothingKnown }
  }

  /** Whether nothing in the program speaks of the switch. */
  function guards(name: string, { sets, disables }: Framework): boolean {
    const known = guarded.get(name)
    if (known !== undefined) return known
    const isSpokenOf = callsOf(run.program, new Set([...sets, ...disables]), [name]).some(({ call }) =>
      call.args.some(
        (arg) =>
          (arg.kind === 'text' && arg.value === name) ||
          (arg.kind === 'table' && arg.entries.some(({ key }) => key?.kind === 'text' && key.value === name)),
      ),
    )
    guarded.set(name, !isSpokenOf)
    return !isSpokenOf
  }
}

/** `params[:id]`, `params[:splat]` and `params[:captures]`, by their shapes. */
function namedIn(pattern: Expression, parameters: string): Checked {
  const names = pattern.kind === 'text' ? [...pattern.value.matchAll(/:(\w+)/g)].map(([, name = '']) => name) : []
  return new Map(
    [...names, 'splat', 'captures'].flatMap((name) =>
      ['[]', 'fetch', 'dig'].map((read) => [`.${parameters}().${read}("${name}")`, 'parents'] as const),
    ),
  )
}

/** `/items/:id`, `/files/*`; of a regular expression its groups. */
function partsOf(pattern: Expression, { file }: Frame): readonly Capture[] {
  if (pattern.kind === 'text') return [...pattern.value.matchAll(/:\w+|\*|\{[^{}]*\}/g)].map(() => 'text')
  if (pattern.kind !== 'constant' || pattern.value !== 'pattern') return []
  const written = file.text.slice(pattern.start, pattern.end)
  return [...written.matchAll(/(?<!\\)\((?!\?[:=!>])(?:\?<\w+>)?([^()]*)\)/g)].map(([, group = '']) =>
    fewSigns.test(group) ? 'harmless' : 'text',
  )
}

/** Letters, digits and `-`: no path, no host, no command, no code. */
const fewSigns = /^(?:\\[dwh]|\[(?:\\[dwh]|[\w-])*\])(?:[+*?]|\{[\d,]+\})?$/

/** `String`, `:name`; what else stands there is written in the program, or a number. */
function segmentOf(matcher: Expression): Capture[] {
  if (matcher.kind === 'read') return [matcher.variable.name === 'String' ? 'segment' : 'harmless']
  return matcher.kind === 'text' && matcher.symbol ? ['segment'] : []
}
