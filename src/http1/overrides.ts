import { fieldNames } from './field-names.ts'
import type { Head } from './head.ts'

/** A field out of which some servers take another method or path than the request line's. */
export interface Override {
  /** Its name as it was sent. */
  readonly field: string
  /** In upper case; undefined where the field names a path. */
  readonly method: string | undefined
}

const methodNames = ['x-http-method-override', 'x-http-method', 'x-method-override'] as const
const names = fieldNames([...methodNames, 'x-original-url', 'x-rewrite-url'], { fold: true })
const none: readonly Override[] = []

/** Those of a request, in any spelling that an app could fold to one; nearly always none. */
export function overridesOf({ bytes, places, fieldCount }: Head): readonly Override[] {
  let found: Override[] | undefined
  for (let index = 0; index < fieldCount; index++) {
    const place = index * 4
    const which = names.find(bytes, places[place] as number, places[place + 1] as number)
    if (which < 0) continue
    const field = bytes.toString('latin1', places[place], places[place + 1])
    const value = bytes.toString('latin1', places[place + 2], places[place + 3])
    found ??= []
    found.push({ field, method: which < methodNames.length ? value.toUpperCase() : undefined })
  }
  return found ?? none
}
