import { type Call, type Expression, walk } from '../form.ts'
import type { CallModel } from '../model.ts'
import type { SourceFile } from '../source-file.ts'

const secretWord = /api|key|token|secret|passw|pass$|pwd|credential|auth|dsn/i
const negating = new Set(['!', '!~', '!=', 'exclude?', 'nil?', 'blank?', 'empty?'])

/**
 * Whether the entries that a call chooses of a dictionary by their names are the secret ones, as far as the texts and
 * patterns say that it asks with. One that asks by anything else says nothing, and is taken to leave them out.
 */
export function keepsSecrets(filters: CallModel['filters'], call: Call, file: SourceFile): boolean {
  const asked: string[] = []
  let isNegated = false
  let isKnown = true
  const look = (part: Expression) => {
    if (part.kind === 'text') asked.push(part.value)
    else if (part.kind === 'constant' && part.value === 'pattern') asked.push(file.text.slice(part.start, part.end))
    else if (part.kind === 'call' && negating.has(part.name)) isNegated = !isNegated
    else if (part.kind === 'branch' && part.tests.length > 0) isKnown = false
    else if (part.kind === 'read' && part.variable.scope !== 'local') isKnown = false
  }
  for (const part of [...call.args, ...(call.block ? [call.block] : [])]) walk(part, look)
  if (!isKnown || asked.length === 0) return false
  const isAboutSecrets = asked.some((text) => secretWord.test(text))
  return (filters === 'dropped') === isNegated ? isAboutSecrets : !isAboutSecrets
}
