const voidElements = new Set(['meta', 'input', '?xml', '!doctype'])
const token = /<(\/?)([!?]?[a-zA-Z][\w-]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"<]*")?)*)\s*([/?]?)>/y
const reference = /&(?:amp|lt|gt|quot|#35|#39|#58);/g

/**
 * Raises an error unless `text` is a tree of elements with quoted attributes, in which no bare `<`, `&` or quote stands.
 * Stricter than XML and HTML are. Gives the names of its elements, in the order of the text.
 */
export function assertWellFormed(text: string): string[] {
  const names: string[] = []
  const open: string[] = []
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at)
    const between = text.slice(at, next === -1 ? text.length : next)
    // A style sheet of ours is no text.
    if (open.at(-1) !== 'style' && /[&>]/.test(between.replace(reference, '')))
      throw new Error(`a bare character in ${JSON.stringify(between)}`)
    if (next === -1) break
    token.lastIndex = next
    const match = token.exec(text)
    if (!match) throw new Error(`no element at ${JSON.stringify(text.slice(next, next + 80))}`)
    const [whole, closing, name = '', attributes = '', selfClosing] = match
    if (/&/.test(attributes.replace(reference, ''))) throw new Error(`a bare & in ${JSON.stringify(whole)}`)
    if (closing) {
      if (open.pop() !== name) throw new Error(`${whole} closes nothing`)
    } else {
      names.push(name)
      if (!selfClosing && !voidElements.has(name)) open.push(name)
    }
    at = next + whole.length
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`)
  return names
}
