import type { Define, Expression } from '../../form.ts'
import type { Parsed, ParseProblem, Parser } from '../../language.ts'
import { surveyOf } from '../../survey.ts'
import { lower } from './lower.ts'
import { openParser } from './parser.ts'
import { surveyTree } from './survey-tree.ts'
import { type InlineTemplate, inlineTemplates, mayHoldTemplates } from './templates/inline-templates.ts'
import { translateTemplate } from './templates/translate-template.ts'

/** Ruby source and templates in the common form, and its survey straight from the tree. */
export function openRubyParser(): Parser {
  const parseRuby = openParser()
  const parseTree = (text: string, path: string) => {
    const template = translateTemplate(text, path)
    if (!template) return parseRuby(text)
    const { tree, problems } = parseRuby(template.ruby, template.origin)
    const all = [...template.problems, ...problems]
    return tree ? { tree, problems: all } : { problems: all }
  }
  const parse = (text: string, path: string): Parsed => {
    const { tree, problems } = parseTree(text, path)
    if (!tree) return { problems, loads: [], loadsUnknown: false }
    const lowered = lower(tree)
    const { loads, loadsUnknown } = surveyTree(tree)
    const parsed = { ...lowered, problems: [...problems, ...lowered.problems], loads, loadsUnknown }
    return mayHoldTemplates(text) && !translateTemplate('', path) ? withTemplates(parsed, text) : parsed
  }
  /** The tree of the code is gone when the first template's is made. */
  const withTemplates = (parsed: Parsed & { readonly program: Expression }, text: string): Parsed => {
    const { program } = parsed
    const { templates, problems } = inlineTemplates(text, program)
    const all: ParseProblem[] = [...parsed.problems, ...problems]
    const defines = templates.flatMap((template) => {
      const { tree } = parseRuby(template.template.ruby, template.template.origin)
      return tree ? [definition(template, lower(tree).program)] : []
    })
    const { start, end } = program
    return { ...parsed, problems: all, program: { kind: 'sequence', body: [program, ...defines], start, end } }
  }
  return {
    parse,
    survey(text, path) {
      if (mayHoldTemplates(text) && !translateTemplate('', path)) return surveyOf(parse(text, path))
      const { tree, problems } = parseTree(text, path)
      if (!tree) return { ...nothing, problems }
      const survey = surveyTree(tree)
      return { ...survey, problems: [...problems, ...survey.problems], understood: true }
    },
  }
}

function definition({ name, start, end }: InlineTemplate, body: Expression): Define {
  return {
    kind: 'define',
    name,
    on: 'template',
    closure: { kind: 'closure', params: [], body, start, end },
    start,
    end,
  }
}

const nothing = {
  scopes: [],
  methods: [],
  mentions: '',
  writes: '',
  topBlocks: '',
  entries: '',
  loads: [],
  loadsUnknown: false,
  understood: false,
}
