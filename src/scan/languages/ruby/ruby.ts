import { type Expression, walk } from '../../form.ts'
import type { Language, Parsed } from '../../language.ts'
import { surveyOf } from '../../survey.ts'

const names = new Set(['config.ru', 'Rakefile', 'Gemfile', 'Guardfile', 'Capfile'])

export const ruby: Language = {
  id: 'ruby',
  reads(path) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return /\.(?:rb|ru|rake|gemspec)$/.test(name) || names.has(name)
  },
  marksRoot: (path) => /(?:^|\/)(?:Gemfile|config\.ru|Rakefile|[^/]+\.gemspec)$/.test(path),
  isTemplate: () => false,
  async open() {
    // Loaded when a Ruby file is met: the parser is half a megabyte.
    const [{ openParser }, { lower }] = await Promise.all([import('./parser.ts'), import('./lower.ts')])
    const parse = openParser()
    const parseRuby = (text: string): Parsed => {
      const { tree, problems } = parse(text)
      if (!tree) return { problems, loads: [], loadsUnknown: false }
      const lowered = lower(tree)
      return { program: lowered.program, problems: [...problems, ...lowered.problems], ...loadsOf(lowered.program) }
    }
    return { parse: parseRuby, survey: (text) => surveyOf(parseRuby(text)) }
  },
}

const loaders = new Set(['require', 'require_relative', 'load', 'autoload', 'require_dependency', 'run'])

/** `require_relative 'x'` names a file; `require file` in a loop over a folder may name any. */
function loadsOf(program: Expression): { loads: string[]; loadsUnknown: boolean } {
  const loads: string[] = []
  let loadsUnknown = false
  walk(program, (expression) => {
    if (expression.kind !== 'call' || expression.receiver || !loaders.has(expression.name)) return
    const last = expression.args.at(-1)
    if (last?.kind === 'text') loads.push(expression.name === 'require_relative' ? `./${last.value}` : last.value)
    else if (last && expression.name !== 'run') loadsUnknown = true
  })
  return { loads, loadsUnknown }
}
