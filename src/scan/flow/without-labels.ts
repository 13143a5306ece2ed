import type { SourceFile } from '../source-file.ts'
import { innerPart } from './call-at.ts'
import type { Flow } from './flow-record.ts'
import { keyNames } from './key-labels.ts'
import type { Label } from './value.ts'

/** What stands in the place of a secret: in the middle of a text, and by itself. */
interface StandIn {
  readonly inText: string
  readonly alone: string
}

interface Part {
  readonly start: number
  readonly end: number
}

interface Replaced extends Part {
  readonly labels: Label[]
}

/** The code that a flow ends in, with the names of the secrets in brackets where they were; undefined where it is not known where in it they are. */
export function withNamesFor(flow: Flow, labels: readonly Label[]): string | undefined {
  return rewritten(flow, labels, (own) => named(`[${keyNames(own)}]`))
}

/** The same with their bare names, for what is kept. */
export function withBareNamesFor(flow: Flow, labels: readonly Label[]): string | undefined {
  return rewritten(flow, labels, (own) => named(keyNames(own)))
}

function named(name: string): StandIn | undefined {
  return /['"\\#{}]/.test(name) ? undefined : { inText: name, alone: `'${name}'` }
}

export function rewritten(
  flow: Flow,
  labels: readonly Label[],
  standInOf: (labels: readonly Label[]) => StandIn | undefined,
): string | undefined {
  const parts = partsOf(flow, labels)
  if (!parts || parts.length === 0) return undefined
  const { file, start, end } = flow
  let text = ''
  let from = start
  for (const part of parts) {
    const standIn = part.labels.every(({ via }) => via) ? classOf(file, part) : standInOf(part.labels)
    if (!standIn) return undefined
    const around = interpolationAround(file, part)
    const inside = around && around.start >= start && around.end <= end
    const { start: at, end: to } = inside ? around : part
    if (at < from) return undefined
    text += `${file.quote(from, at)}${inside ? standIn.inText : standIn.alone}`
    from = to
  }
  return `${text}${file.quote(from, end)}`
}

/** Where in the flow's code each of the labels comes in; undefined where that is not known of one. */
function partsOf(flow: Flow, labels: readonly Label[]): readonly Replaced[] | undefined {
  const parts: Replaced[] = []
  for (const label of labels) {
    for (const trace of [label.trace, ...(label.others ?? [])]) {
      const inner = innerPart(flow, trace) ?? (isExpression(flow, label) ? flow : undefined)
      const part = inner && onlyPart(flow.file, shownBy(flow.file, inner, label))
      if (!part) return undefined
      const known = parts.find(({ start, end }) => start === part.start && end === part.end)
      if (known) known.labels.push(label)
      else parts.push({ start: part.start, end: part.end, labels: [label] })
    }
  }
  return parts
    .filter((part) => !parts.some((other) => other !== part && other.start <= part.start && part.end <= other.end))
    .sort((a, b) => a.start - b.start)
}

/** Whether the flow ends in an expression that is the secret, and not in a call that is given it. */
function isExpression({ name, start, end, file }: Flow, { trace }: Label): boolean {
  return name === '' && trace.file === file && trace.start === start && trace.end === end
}

/** Of an exception what is asked of it too. */
function shownBy({ text }: SourceFile, { start, end }: Part, { what }: Label): Part {
  if (what !== 'message' && what !== 'backtrace') return { start, end }
  const asked = /^\.(?:message|full_message|detailed_message|inspect|to_s|backtrace)\b(?![(?!])/.exec(
    text.slice(end, end + 24),
  )
  return { start, end: end + (asked?.[0].length ?? 0) }
}

/** Of a text what is put in it; undefined where there are several such parts, of which any may be meant. */
function onlyPart({ text }: SourceFile, { start, end }: Part): Part | undefined {
  const written = text.slice(start, end)
  if (!/^"/.test(written)) return { start, end }
  const opens = written.indexOf('#{')
  const closes = written.lastIndexOf('}')
  const isOnly = opens >= 0 && opens === written.lastIndexOf('#{') && closes > opens
  return isOnly ? { start: start + opens + 2, end: start + closes } : undefined
}

/** `#{…}` around a part of a text. */
function interpolationAround({ text }: SourceFile, { start, end }: Part): Part | undefined {
  const before = /#\{\s*$/.exec(text.slice(Math.max(0, start - 8), start))
  const after = /^\s*\}/.exec(text.slice(end, end + 8))
  return before && after ? { start: start - before[0].length, end: end + after[0].length } : undefined
}

/** Of an exception its class, in the place of its message. */
function classOf(file: SourceFile, { start, end }: Part): StandIn | undefined {
  const variable = /^([\w@$]+)(?:\.(?:message|to_s|inspect|full_message|detailed_message))?$/.exec(
    file.quote(start, end),
  )?.[1]
  return variable === undefined ? undefined : { inText: `#{${variable}.class}`, alone: `${variable}.class` }
}
