import { type DerElement, tags } from './der.ts'

export interface ParsedTime {
  readonly ms: number
  /** UTCTime through 2049 and GeneralizedTime after, as RFC 5280 4.1.2.5 demands. */
  readonly isRightForm: boolean
}

/** A Time in UTC, with seconds and without fractions. Undefined for every other spelling: readers disagree of them. */
export function parseTime(element: DerElement): ParsedTime | undefined {
  const text = element.contents.toString('latin1')
  if (element.tag === tags.utcTime) {
    if (!/^\d{12}Z$/.test(text)) return undefined
    const year = Number(text.slice(0, 2))
    const ms = instant(year < 50 ? 2000 + year : 1900 + year, text.slice(2))
    return ms === undefined ? undefined : { ms, isRightForm: true }
  }
  if (element.tag !== tags.generalizedTime || !/^\d{14}Z$/.test(text)) return undefined
  const year = Number(text.slice(0, 4))
  const ms = instant(year, text.slice(4))
  return ms === undefined ? undefined : { ms, isRightForm: year >= 2050 }
}

function instant(year: number, rest: string): number | undefined {
  const digits = rest.match(/\d\d/g) ?? []
  const iso = `${String(year).padStart(4, '0')}-${digits[0]}-${digits[1]}T${digits[2]}:${digits[3]}:${digits[4]}.000Z`
  const ms = Date.parse(iso)
  // Date.parse rolls 31 February over, and takes 24:00.
  return Number.isNaN(ms) || new Date(ms).toISOString() !== iso ? undefined : ms
}
