/**
 * How a key rides a request. A carrier sees bytes and writes bytes: the key is never a string here (strings cannot be
 * erased).
 */
export interface Carrier {
  /** The form's id: `bearer`, `header`, `basic`. */
  readonly form: string
  /** The request field that carries the key, as it is written, and in lower case for comparing. */
  readonly name: string
  readonly field: string
  /** One line for people: `Authorization: Bearer KEY`. */
  readonly says: string
  /** Whether `value`, the received field value, carries exactly `phantom` in the key's place. */
  carries(value: Uint8Array, phantom: Uint8Array): boolean
  /** An upper bound of what `write` writes, in bytes. */
  lengthMax(receivedLength: number, keyLength: number): number
  /**
   * Writes the field value with `key` in the phantom's place, at `at`, and returns the end. `received` is a value for
   * which `carries` was true. Leaves no other copy of the key.
   */
  write(into: Uint8Array, at: number, key: Uint8Array, received: Uint8Array): number
}

/** What a user writes to declare a carrier: the form's id names the first parameter. */
export interface CarrierForm {
  readonly id: string
  readonly title: string
  /** Parameter names in order; `choices` where only these values stand, `optional` where it may be left out. */
  readonly parameters: readonly {
    readonly name: string
    readonly choices?: readonly string[]
    readonly optional?: boolean
    readonly token?: boolean
  }[]
  open(parameters: Readonly<Record<string, string>>): Carrier
}

/** A declared carrier as plain data, as the plan holds it. */
export interface CarrierPlan {
  readonly form: string
  readonly parameters: Readonly<Record<string, string>>
}
