import { printable } from '../finding/mask.ts'

/**
 * Text as it stands in XML 1.0 and HTML, in attributes too. What XML has no way to write, and what drives a terminal,
 * is replaced; line feeds and tabs stay.
 */
export function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"'\ufffe\uffff]/g, (character) => entities[character] ?? '\ufffd')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
