import { printable } from '../finding/mask.ts'

/**
 * Text as it stands in XML 1.0 and HTML, in attributes too. What XML has no way to write, and what drives a terminal,
 * is replaced; line feeds and tabs stay.
 */
export function escapeMarkup(text: string): string {
  const escaped = printable(text).replace(/[&<>"'\ufffe\uffff]/g, (character) => entities[character] ?? '\ufffd')
  // In a log of GitHub's, `::error…` at the beginning of a line, and `##[` anywhere, would be obeyed.
  return escaped.replace(/^([^\S\n]*):(?=:)/gm, '$1&#58;').replaceAll('##[', '#&#35;[')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
