import { limits } from '../../../../limits.ts'
import { type Expression, type Text, walk } from '../../../form.ts'
import type { ParseProblem } from '../../../language.ts'
import { translateErb } from './erb.ts'
import { translateHaml } from './haml.ts'
import { translateSlim } from './slim.ts'
import type { Origin, TranslatedTemplate } from './template-writer.ts'

/** A template that stands in a file of Ruby, its places those in the file. */
export interface InlineTemplate {
  /** By which code asks for it: its name behind `@@`, or the text itself. */
  readonly name: string
  readonly start: number
  readonly end: number
  readonly template: TranslatedTemplate
}

export interface InlineTemplates {
  readonly templates: readonly InlineTemplate[]
  readonly problems: readonly ParseProblem[]
}

/** Whether a file may hold templates: most do not, and are not looked at again. */
export function mayHoldTemplates(text: string): boolean {
  return hasTags(text) || endOfCode(text) !== undefined
}

function hasTags(text: string): boolean {
  const open = text.indexOf('<%')
  return open !== -1 && text.includes('%>', open)
}

/** Where `__END__` stands, in a file that has a template behind it. */
function endOfCode(text: string): number | undefined {
  const end = text.startsWith('__END__') ? 0 : text.indexOf('\n__END__') + 1
  const isAlone = (end > 0 || text.startsWith('__END__')) && /^__END__\r?(?:\n|$)/.test(text.slice(end, end + 9))
  return isAlone && text.includes('\n@@', end) ? end : undefined
}

/** The templates behind `__END__`, and the texts in the code that are templates of ERB. */
export function inlineTemplates(text: string, program: Expression): InlineTemplates {
  const found: InlineTemplate[] = []
  for (const template of templatesIn(text, program)) if (found.push(template) > limits.scanInlineTemplatesMax) break
  const left = found[limits.scanInlineTemplatesMax]
  const problems = left ? [{ start: left.start, message: 'more templates in it than are read' }] : []
  return { templates: found.slice(0, limits.scanInlineTemplatesMax), problems }
}

function* templatesIn(text: string, program: Expression): Generator<InlineTemplate> {
  yield* templatesAtEnd(text)
  if (hasTags(text)) yield* templatesInTexts(text, program)
}

type Engine = (text: string) => TranslatedTemplate

const engines: Readonly<Record<string, Engine>> = { erb: translateErb, haml: translateHaml, slim: translateSlim }

/** `@@ name` begins each: as Sinatra reads them. */
function* templatesAtEnd(text: string): Generator<InlineTemplate> {
  const end = endOfCode(text)
  if (end === undefined) return
  const engine = engineFor(text.slice(0, end))
  const heads = [...text.slice(end).matchAll(/^@@(.*)$/gm)]
  for (const [index, head] of heads.entries()) {
    const start = end + head.index + head[0].length
    const next = heads[index + 1]
    const to = next ? end + next.index : text.length
    const own = text.slice(start, to)
    const name = head[1]?.trim() ?? ''
    const template = engine(name, own)(own)
    yield { name, start, end: to, template: { ...template, origin: shifted(template.origin, start) } }
  }
}

/** The engine that the code names the template to; else the one whose marks its text has, or the file's only one. */
function engineFor(code: string): (name: string, text: string) => Engine {
  const calls = new Map<string, string>()
  for (const [, engine = '', name = ''] of code.matchAll(/\b(erb|haml|slim)[ (]{1,2}[:'"]{1,2}([\w/-]{1,100})/g))
    calls.set(name, engine)
  const used = [...new Set(calls.values())]
  const loaded = /\bhaml\b/.test(code) ? 'haml' : /\bslim\b/.test(code) ? 'slim' : 'erb'
  const otherwise = used.length === 1 && used[0] !== undefined ? used[0] : loaded
  return (name, text) => engines[calls.get(name) ?? (text.includes('<%') ? 'erb' : otherwise)] ?? translateErb
}

function shifted(origin: Origin, by: number): Origin {
  return { start: (offset) => origin.start(offset) + by, end: (offset) => origin.end(offset) + by }
}

/** Texts with tags: `ERB.new('<%= name %>')`, `erb '<%= @name %>'`, a constant that is given to either. */
function templatesInTexts(text: string, program: Expression): InlineTemplate[] {
  const found: InlineTemplate[] = []
  const inside = new Set<Expression>()
  walk(program, (expression) => {
    if (inside.has(expression)) return
    if (expression.kind === 'join') for (const part of expression.parts) inside.add(part)
    const whole = wholeOf(expression, text)
    if (!whole || !hasTags(whole.text)) return
    const { start, end } = expression
    const template = translateErb(whole.text)
    found.push({ name: whole.text, start, end, template: { ...template, origin: placed(template.origin, whole) } })
  })
  return found
}

interface WholeText {
  readonly text: string
  /** Its parts: where each begins in it and in the file, and whether it is written there as it is. */
  readonly parts: readonly {
    readonly at: number
    readonly from: number
    readonly to: number
    readonly isVerbatim: boolean
  }[]
}

/** The text as far as it is constant, `*` for what is not. */
function wholeOf(expression: Expression, source: string): WholeText | undefined {
  if (expression.kind !== 'text' && expression.kind !== 'join') return undefined
  const parts: WholeText['parts'][number][] = []
  let text = ''
  for (const part of expression.kind === 'join' ? expression.parts : [expression]) {
    parts.push(part.kind === 'text' ? placeOf(part, text.length, source) : { ...plain(part), at: text.length })
    text += part.kind === 'text' ? part.value : '*'
  }
  return { text, parts }
}

function plain({ start, end }: Expression) {
  return { from: start, to: end, isVerbatim: false }
}

function placeOf(part: Text, at: number, source: string): WholeText['parts'][number] {
  const written = source.slice(part.start, part.end).indexOf(part.value)
  if (written === -1) return { ...plain(part), at }
  const from = part.start + written
  return { at, from, to: from + part.value.length, isVerbatim: true }
}

function placed(origin: Origin, { parts }: WholeText): Origin {
  const partAt = (offset: number) => parts.findLast(({ at }) => at <= offset) ?? parts[0]
  return {
    start(offset) {
      const inText = origin.start(offset)
      const part = partAt(inText)
      if (!part) return 0
      return part.isVerbatim ? Math.min(part.from + inText - part.at, part.to) : part.from
    },
    end(offset) {
      const inText = origin.end(offset)
      const part = partAt(Math.max(0, inText - 1))
      if (!part) return 0
      return part.isVerbatim ? Math.min(part.from + inText - part.at, part.to) : part.to
    },
  }
}
