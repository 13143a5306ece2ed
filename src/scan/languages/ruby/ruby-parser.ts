import type { Parser } from '../../language.ts'
import { lower } from './lower.ts'
import { openParser } from './parser.ts'
import { surveyTree } from './survey-tree.ts'
import { translateTemplate } from './templates/translate-template.ts'

/** Ruby source and templates in the common form, and its survey straight from the tree. */
export function openRubyParser(): Parser {
  const parseRuby = openParser()
  const parse = (text: string, path: string) => {
    const template = translateTemplate(text, path)
    if (!template) return parseRuby(text)
    const { tree, problems } = parseRuby(template.ruby, template.origin)
    const all = [...template.problems, ...problems]
    return tree ? { tree, problems: all } : { problems: all }
  }
  return {
    parse(text, path) {
      const { tree, problems } = parse(text, path)
      if (!tree) return { problems, loads: [], loadsUnknown: false }
      const lowered = lower(tree)
      const { loads, loadsUnknown } = surveyTree(tree)
      return { ...lowered, problems: [...problems, ...lowered.problems], loads, loadsUnknown }
    },
    survey(text, path) {
      const { tree, problems } = parse(text, path)
      if (!tree) return { ...nothing, problems }
      const survey = surveyTree(tree)
      return { ...survey, problems: [...problems, ...survey.problems], understood: true }
    },
  }
}

const nothing = {
  scopes: [],
  methods: [],
  mentions: '',
  writes: '',
  topBlocks: '',
  loads: [],
  loadsUnknown: false,
  understood: false,
}
