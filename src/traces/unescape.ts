const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  grave: '`',
  sol: '/',
  colon: ':',
  lowbar: '_',
  period: '.',
  nbsp: ' ',
  equals: '=',
}
const short: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '/': '/',
  '"': '"',
  "'": "'",
  '\\': '\\',
  e: '\x1b',
}

/**
 * The text as a reader would see it: HTML entities (`&#x2F;`, `&#39;`, `&quot;`) and the escapes of JSON and of
 * inspected strings (`\u0027`, `\/`, `\n`) undone, once. Linear; what is no escape stays as it is. A page is escaped by
 * its framework in ways that no pattern for the plain text would match.
 */
export function unescapeText(text: string): string {
  if (!text.includes('&') && !text.includes('\\')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,8}));|\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([ntr/"'\\e]))/g,
    (whole, decimal, hex, name, unicode, byte, letter) => {
      if (name !== undefined) return named[name] ?? whole
      if (letter !== undefined) return short[letter] ?? whole
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? unicode ?? byte, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
