import { unescapeText } from '../traces/unescape.ts'

const base64Min = 24

/** One way of reading the bytes of an answer, for a search that knows only the plain form. */
export interface Reading {
  /** How it was read: empty where the bytes were taken as they are. */
  readonly name: string
  readonly text: string
}

/**
 * The readings of `text` (one character a byte) in which a key's plain form may stand: as it is; without HTML entities
 * and JSON escapes, once and twice; without percent-encoding; without the zero bytes of UTF-16; and what base64 in it
 * says. Linear; the caller bounds the text.
 */
export function readingsOf(text: string): Reading[] {
  const once = unescapeText(text)
  const readings: Reading[] = [
    { name: '', text },
    { name: 'escaped', text: once },
    { name: 'escaped twice', text: unescapeText(once) },
    {
      name: 'percent-encoded',
      text: text.replace(/%([0-9a-fA-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    },
    { name: 'in UTF-16', text: text.includes('\0') ? text.replaceAll('\0', '') : text },
    { name: 'in base64', text: base64In(text) },
  ]
  return readings.filter(
    (reading, index) =>
      index === 0 || (reading.text !== '' && readings.findIndex((other) => other.text === reading.text) === index),
  )
}

/** Both alphabets of RFC 4648; the runs' contents, one a line. */
function base64In(text: string): string {
  const runs = text.match(/[A-Za-z0-9+/_-]+/g) ?? []
  return runs
    .filter((run) => run.length >= base64Min)
    .map((run) => Buffer.from(run, 'base64').toString('latin1'))
    .join('\n')
}
