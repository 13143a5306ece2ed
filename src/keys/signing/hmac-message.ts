import { createHash } from 'node:crypto'
import type { SignedRequest } from '../carrier.ts'
import { parseTemplate } from './template.ts'

/** What a message is written from; text of one character a byte. */
export interface MessageSource {
  readonly request: SignedRequest
  readonly time: string
  readonly nonce: string
  readonly body: Uint8Array
}

/** What is signed, compiled from its template. */
export interface HmacMessage {
  readonly readsBody: boolean
  readonly readsTime: boolean
  readonly readsNonce: boolean
  /** Fields that it covers, in lower case, and whether each must be there. */
  readonly fields: ReadonlyMap<string, { readonly isNeeded: boolean }>
  /** Every field that `isNeeded` must be there, and none twice. */
  write(source: MessageSource): Uint8Array
}

type Write = (source: MessageSource) => string | Uint8Array

const digests = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']
const encodings = ['hex', 'base64', 'base64url'] as const

/** The problem is a half sentence that begins with a verb. */
export function compileMessage(template: string): HmacMessage | { readonly problem: string } {
  const parts = parseTemplate(template)
  if ('problem' in parts) return parts
  const fields = new Map<string, { isNeeded: boolean }>()
  const writes: Write[] = []
  for (const part of parts) {
    const write = typeof part === 'string' ? () => part : writeOf(part, fields)
    if (!write) return { problem: `has {${(part as readonly string[]).join(':')}}, which means nothing` }
    writes.push(write)
  }
  const words = parts.flatMap((part) => (typeof part === 'string' ? [] : [part[0]]))
  if (words.length === 0)
    return { problem: 'is the same for every request; write what is signed, such as {method}, {target} and {body}' }
  return {
    readsBody: words.includes('body'),
    readsTime: words.includes('time'),
    readsNonce: words.includes('nonce'),
    fields,
    write: (source) =>
      Buffer.concat(
        writes.map((write) => {
          const written = write(source)
          return typeof written === 'string' ? Buffer.from(written, 'latin1') : written
        }),
      ),
  }
}

/** What a placeholder stands for, or undefined where it means nothing. */
function writeOf(words: readonly string[], fields: Map<string, { isNeeded: boolean }>): Write | undefined {
  const [name = '', ...rest] = words
  if (name === 'field') return rest.length === 1 ? writeField(rest[0] as string, fields) : undefined
  if (name === 'body' && rest.length > 0) return writeDigest(rest)
  return rest.length === 0 ? plain.get(name) : undefined
}

const plain: ReadonlyMap<string, Write> = new Map(
  Object.entries<Write>({
    method: ({ request }) => request.method,
    host: ({ request }) => request.host,
    path: ({ request }) => request.target.split('?', 1)[0] as string,
    query: ({ request: { target } }) => (target.includes('?') ? target.slice(target.indexOf('?') + 1) : ''),
    target: ({ request }) => request.target,
    time: ({ time }) => time,
    nonce: ({ nonce }) => nonce,
    body: ({ body }) => body,
  }),
)

function writeField(written: string, fields: Map<string, { isNeeded: boolean }>): Write | undefined {
  const [, given = '', mark] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(\??)$/.exec(written) ?? []
  if (given === '') return undefined
  const name = given.toLowerCase()
  fields.set(name, { isNeeded: mark !== '?' || fields.get(name)?.isNeeded === true })
  return ({ request }) => request.fields.find((field) => field.name === name)?.value ?? ''
}

function writeDigest([algorithm = '', written = '', ...rest]: readonly string[]): Write | undefined {
  const encoding = encodings.find((one) => one === written)
  if (!digests.includes(algorithm) || !encoding || rest.length > 0) return undefined
  return ({ body }) => createHash(algorithm).update(body).digest(encoding)
}
