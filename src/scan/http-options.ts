import type { Option, OptionModel, OptionValue, SinkModel, SourceModel } from './model.ts'

/** Words in which models of HTTP clients speak of what a client is told. */

/** `verify: false`. */
export const verifiesWhenTrue: Readonly<Record<string, OptionValue>> = { false: 'none', true: 'peer' }

/** `insecure = true`. */
export const verifiesWhenFalse: Readonly<Record<string, OptionValue>> = { true: 'none', false: 'peer' }

/** OpenSSL's modes, by name and number; the number of OpenSSL's is libcurl's for `verifyhost` too. */
export const verificationModes: Readonly<Record<string, OptionValue>> = {
  VERIFY_NONE: 'none',
  none: 'none',
  '0': 'none',
  false: 'none',
  VERIFY_PEER: 'peer',
  peer: 'peer',
  '1': 'peer',
  '2': 'peer',
  '3': 'peer',
  true: 'peer',
}

/** Anything but `false` and `nil`. */
export const onUnlessFalse: Readonly<Record<string, OptionValue>> = {
  true: true,
  false: false,
  null: false,
  stream: 'stream',
  logger: 'logger',
}

export function named(option: Option, name: string, means?: Readonly<Record<string, OptionValue>>): OptionModel {
  return { option, from: { named: name }, ...(means ? { means } : {}) }
}

export function positioned(
  option: Option,
  position: number,
  means?: Readonly<Record<string, OptionValue>>,
): OptionModel {
  return { option, from: { position }, ...(means ? { means } : {}) }
}

export function always(option: Option, value: OptionValue): OptionModel {
  return { option, from: { value } }
}

/** Asks, and carries whatever the client and the arguments hold. */
export const asks: SinkModel = { kind: 'request', takes: { positions: [] }, says: 'sent with the request' }

/** Keys among these arguments stand in the URL. */
export function inUrl(takes: SinkModel['takes']): SinkModel {
  return { kind: 'url', takes, says: 'sent in the URL' }
}

/** What a response holds. */
export const answered: SourceModel = {
  label: 'upstream',
  named: 'whole',
  title: 'what the upstream answered',
  says: 'is read from the response',
}

/** A limit of a minute on connecting and on each read. */
export const minuteEach: Readonly<Partial<Record<Option, OptionValue>>> = { openTimeout: 60, readTimeout: 60 }
