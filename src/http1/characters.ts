/** Classes of bytes in HTTP/1.1 heads, as bits of one table. */
export const isToken = 1
export const isFieldValue = 2
export const isTarget = 4
export const isDigit = 8
export const isHexDigit = 16
export const isReason = 32

/** 256 entries; `characters[byte] & isToken` asks for the class. */
export const characters = new Uint8Array(256)

const mark = (text: string, bit: number) => {
  for (const char of text) characters[char.charCodeAt(0)] = (characters[char.charCodeAt(0)] as number) | bit
}
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'

// RFC 9110 §5.6.2
mark(`!#$%&'*+-.^_\`|~${digits}${letters}`, isToken)
// RFC 9110 §5.5: visible, space, tab and obs-text; never CR, LF, NUL or another control byte.
// RFC 9112 §4: the reason phrase takes the same.
for (let byte = 0x20; byte < 0x100; byte++)
  if (byte !== 0x7f) characters[byte] = (characters[byte] as number) | isFieldValue | isReason
mark('\t', isFieldValue | isReason)
// RFC 3986 §2: what a request target may hold, percent sign included. `"<>\^`{|}` and bytes above 0x7f are not in it;
// `|`, `^`, '`', `"`, `{`, `}` are sent unescaped by common clients in queries and name no boundary, so they are taken.
mark(`!$&'()*+,;=:@/?%-._~[]|^\`{}"${digits}${letters}`, isTarget)
mark(digits, isDigit)
mark(`${digits}abcdefABCDEF`, isHexDigit)

/** ASCII letters to lower case, `_` to `-`: how CGI and Rack fold field names. Everything else stays. */
export const folded = new Uint8Array(256)
/** ASCII letters to lower case. */
export const lower = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  lower[byte] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  folded[byte] = byte === 0x5f ? 0x2d : (lower[byte] as number)
}

/** The bytes `start` to `end` as text, one character a byte. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end)
}
