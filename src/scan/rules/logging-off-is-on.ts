import { type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'

const meantAsOff = /^(?:off|no|none|false|disable|disabled|never|nil)$/i

import { ownerOf } from '../survey.ts'

export const loggingOffIsOn: Rule = {
  id: 'logging-off-is-on',
  about: 'program',
  title: 'A setting that is meant to be off is on',
  severity: 'medium',
  cwe: 532,
  explanation: `\`set :logging, :off\` turns logging **on**: every value but \`false\` and \`nil\` is true, and a symbol is a value. In a modular app,
where request logging is off by default, the line turns it on. Query strings, and whatever key or token is in them, are
then written to the access log. The same is true of \`:dump_errors\`, \`:show_exceptions\` and other switches.

**Fix.** \`set :logging, false\` or \`disable :logging\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nconfigure :production do\n  set :logging, :off\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :dump_errors, 'false'\nend",
    ],
    good: [
      "require 'sinatra'\nset :logging, false\ndisable :dump_errors",
      "require 'sinatra'\nset :logging, Logger::WARN\nset :mode, :off",
    ],
  },
  *check({ program }) {
    const sets = program.frameworks.flatMap((framework) => framework.sets)
    const switches = program.frameworks.flatMap((framework) => framework.switches)
    for (const { source, form } of program.codeMentioning(sets, switches)) {
      const found: {
        readonly start: number
        readonly end: number
        readonly name: string
        readonly value: Expression
        readonly owner: string
      }[] = []
      walk(form, (expression, enclosing) => {
        if (expression.kind !== 'call') return
        const owner = ownerOf(enclosing)
        const framework = program.frameworkOf(owner)
        if (!framework?.sets.includes(expression.name)) return
        const [first, second] = expression.args
        const pairs = first?.kind === 'table' ? first.entries : second ? [{ key: first, value: second }] : []
        for (const { key, value } of pairs) {
          if (key?.kind !== 'text' || !framework.switches.includes(key.value)) continue
          if (value.kind === 'text' && meantAsOff.test(value.value))
            found.push({ start: expression.start, end: expression.end, name: key.value, value, owner })
        }
      })
      for (const { start, end, name, value, owner } of found) {
        const written = source.quote(value.start, value.end)
        yield {
          file: source,
          start,
          end,
          message: `set :${name}, ${written} turns ${name} on: ${written} is true.`,
          fix: `Write: set :${name}, false`,
          correction: `${source.quote(start, value.start)}false${source.quote(value.end, end)}`,
          identity: [owner, name],
        }
      }
    }
  },
}
