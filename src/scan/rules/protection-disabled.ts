import { callsOf, pairsOf } from '../flow/calls-of.ts'
import { runsInProduction } from '../flow/environments.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'
import { ownerOf } from '../survey.ts'

export const protectionDisabled: Rule = {
  id: 'protection-disabled',
  about: 'program',
  title: "The framework's protection is off",
  severity: 'low',
  cwe: 693,
  explanation: `\`disable :protection\` takes away what stands in front of every route: \`..\` in paths is no longer taken out
(\`Rack::Protection::PathTraversal\`, so that \`/files/..%2f..%2fproc/self/environ\` reaches a route), pages of other hosts may read
JSON and use sessions. \`except: :path_traversal\` takes away the first alone.

**Fix.** Leave it on, and take out by name what is in the way: \`set :protection, except: [:json_csrf]\`.`,
  examples: {
    bad: [
      "require 'sinatra'\ndisable :protection\nget('/') { 'ok' }",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :protection, false\nend",
      "require 'sinatra'\nset :protection, except: :path_traversal",
      "require 'sinatra'\nset :protection, except: %i[path_traversal json_csrf]",
    ],
    good: [
      "require 'sinatra'\nset :protection, except: [:json_csrf]",
      "require 'sinatra'\nenable :protection\nget('/') { 'ok' }",
      "require 'sinatra'\nconfigure :test do\n  disable :protection\nend",
      "require 'sinatra'\ndisable :logging\nget('/') { 'ok' }",
    ],
  },
  *check({ program }) {
    const words = new Set(program.frameworks.flatMap(({ sets, disables }) => [...sets, ...disables]))
    for (const { call, source, enclosing } of callsOf(program, words, ['protection'])) {
      const owner = ownerOf(enclosing)
      const framework = program.frameworkOf(owner)
      if (!framework?.switches.includes('protection') || !runsInProduction([...enclosing, call], framework)) continue
      const isOff =
        framework.disables.includes(call.name) &&
        call.args.some((arg) => arg.kind === 'text' && arg.value === 'protection')
      const value = pairsOf(call).find(({ name }) => name === 'protection')?.value
      const isWithout = value !== undefined && takesOutPaths(value)
      if (!isOff && !(value?.kind === 'constant' && value.value === false) && !isWithout) continue
      yield {
        file: source,
        start: call.start,
        end: call.end,
        message: isWithout
          ? 'Paths with .. in them reach the routes: the protection against them is taken out.'
          : 'Every protection of the framework is off, that against .. in paths included.',
        fix: 'Leave it on, and take out by name what is in the way.',
        correction: 'set :protection, except: [:json_csrf]',
        identity: [owner],
      }
    }
  },
}

function takesOutPaths(value: Expression): boolean {
  if (value.kind !== 'table') return false
  const except = value.entries.find(({ key }) => key?.kind === 'text' && key.value === 'except')?.value
  const named = except?.kind === 'list' ? except.items : except ? [except] : []
  return named.some((item) => item.kind === 'text' && item.value === 'path_traversal')
}
