import { fieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import type { Problem } from '../http1/problem.ts'
import type { FieldCarrier } from '../keys/carrier.ts'
import type { HeldKey } from './key-ring.ts'

/**
 * Fields that commonly authenticate a request, besides the carriers' own: the caller's are never sent beside a key of
 * ours, in no spelling that the upstream could fold to one.
 */
const authenticatingFields = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'apikey',
  'x-apikey',
  'x-auth-token',
  'x-access-token',
  'x-auth-key',
  'x-authorization',
  'x-token',
  'x-secret',
  'x-api-token',
  'x-api-secret',
  'x-goog-api-key',
  'x-amz-security-token',
  'x-vault-token',
  'private-token',
  'job-token',
  'x-github-token',
  'x-gitlab-token',
  'x-shopify-access-token',
  'x-figma-token',
  'dd-api-key',
  'dd-application-key',
  'ocp-apim-subscription-key',
  'x-rapidapi-key',
  'x-csrf-token',
  'x-original-authorization',
  'x-forwarded-authorization',
] as const

/** A field of the request whose phantom is replaced. */
export interface Replacement {
  readonly field: number
  readonly key: HeldKey
  readonly carrier: FieldCarrier
}

export interface Credentials {
  /** Empty: the request asks for no key, and carries nothing that authenticates. */
  readonly replacements: readonly Replacement[]
}

const none: Credentials = { replacements: [] }

/** What a host's keys need to be recognised by. Made once a host. */
export interface CredentialReader {
  /** Sets `head.marks` of a field to 1 where it is left out of the copy: it is replaced, or authenticates as another. */
  read(head: Head): Credentials | Problem
}

export function createCredentialReader(keys: readonly HeldKey[]): CredentialReader {
  const carriers = keys.flatMap((key) =>
    key.carriers.flatMap((carrier) => (carrier.place === 'field' ? [{ key, carrier }] : [])),
  )
  const names = [...new Set([...authenticatingFields, ...carriers.map(({ carrier }) => carrier.field)])]
  const authenticating = fieldNames(names, { fold: true })
  const cookie = names.indexOf('cookie')
  return {
    read(head) {
      const { bytes, places, fieldCount, marks } = head
      const replacements: Replacement[] = []
      let foreign = -1
      for (let index = 0; index < fieldCount; index++) {
        const place = index * 4
        const found = authenticating.find(bytes, places[place] as number, places[place + 1] as number)
        marks[index] = found < 0 ? 0 : 1
        if (found < 0) continue
        const name = names[found] as string
        const value = bytes.subarray(places[place + 2] as number, places[place + 3] as number)
        const match = carriers.find(({ key, carrier }) => carrier.field === name && carrier.carries(value, key.phantom))
        if (match) replacements.push({ field: index, ...match })
        else if (found !== cookie) foreign = index
      }
      const misplaced = findMisplaced(head, keys, replacements)
      if (misplaced) return misplaced
      if (replacements.length === 0) {
        if (foreign >= 0) {
          return {
            code: 'PHANTOM_MISSING',
            detail: `${fieldText(head, foreign)} authenticates the request to a host whose keys this door holds, and does not carry the phantom of one of them where its kind is carried`,
          }
        }
        marks.fill(0, 0, fieldCount)
        return none
      }
      if (
        replacements.length > 1 &&
        new Set(replacements.map(({ carrier }) => carrier.field)).size < replacements.length
      ) {
        return { code: 'REQUEST_AMBIGUOUS', detail: 'a field that carries a key is there twice' }
      }
      return { replacements }
    },
  }
}

/** A phantom in any other place would be sent on as it is: to a log of the upstream's, or in a signature of the app's. */
function findMisplaced(
  head: Head,
  keys: readonly HeldKey[],
  replacements: readonly Replacement[],
): Problem | undefined {
  const { bytes, places } = head
  for (const { phantom, name } of keys) {
    for (let at = bytes.indexOf(phantom, head.start); at >= 0 && at < head.end; at = bytes.indexOf(phantom, at + 1)) {
      const isCarried = replacements.some(
        ({ field }) => at >= (places[field * 4 + 2] as number) && at < (places[field * 4 + 3] as number),
      )
      if (isCarried) continue
      const inTarget = at < head.targetEnd
      return {
        code: 'PHANTOM_MISPLACED',
        detail: `the phantom of key ${name} stands in ${inTarget ? 'the target' : 'a field that does not carry it'}; its kind is carried by ${keys
          .filter((key) => key.name === name)
          .flatMap((key) => key.carriers.map(({ says }) => says))
          .join(', or ')}`,
      }
    }
  }
  return undefined
}

/** The name of a field, which is not a secret. */
function fieldText(head: Head, index: number): string {
  return head.bytes.toString('latin1', head.places[index * 4], head.places[index * 4 + 1])
}
