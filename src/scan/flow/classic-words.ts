import { type Call, type Expression, walk } from '../form.ts'
import type { Framework } from '../model.ts'
import { ownerOf } from '../survey.ts'
import type { ProgramFile } from './program.ts'

/** Files that are opened to see whether they are an app's; apps without a class are small. */
const filesMax = 200

/** Whether a file of an app that another file starts is among them: its words at the top level, as no library has them. */
export function speaksAtTop(files: readonly ProgramFile[], framework: Framework): boolean {
  const words = [...framework.routes, ...framework.configures]
  const candidates = files.filter(({ survey }) => words.some((word) => mentionsName(survey.topBlocks, word)))
  return candidates.slice(0, filesMax).some((file) => {
    const form = file.form()
    return form !== undefined && hasWord(form, framework)
  })
}

function hasWord(form: Expression, framework: Framework): boolean {
  let found = false
  walk(form, (expression, enclosing) => {
    found ||= expression.kind === 'call' && isWord(expression, framework) && ownerOf(enclosing) === ''
  })
  return found
}

function isWord(call: Call, framework: Framework): boolean {
  if (call.receiver || call.block?.kind !== 'closure') return false
  const [first] = call.args
  if (framework.configures.includes(call.name)) return call.args.every(({ kind }) => kind === 'text')
  return framework.routes.includes(call.name) && first?.kind === 'text' && first.value.startsWith('/')
}

/** Whether a name is among those that are joined by line feeds. */
export function mentionsName(mentions: string, name: string): boolean {
  for (let at = mentions.indexOf(name); at !== -1; at = mentions.indexOf(name, at + 1)) {
    const end = at + name.length
    if ((at === 0 || mentions[at - 1] === '\n') && (end === mentions.length || mentions[end] === '\n')) return true
  }
  return false
}
