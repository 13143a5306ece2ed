import { advanceBody, type Body, beginBody, createBody } from '../../src/http1/body.ts'
import { createHead, fieldName, fieldValue, type Head, parseRequestHead, targetText } from '../../src/http1/head.ts'

/** One request, as a reader of a connection's bytes sees it. */
export interface Message {
  readonly method: string
  readonly target: string
  /** Empty where there is none. */
  readonly host: string
  /** Names in lower case, in their order; one character a byte. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** The content, one character a byte, without chunk lines. */
  readonly body: string
  /** The version's minor number. */
  readonly minor: number
  /** Offsets in the connection's bytes. */
  readonly start: number
  readonly end: number
}

/** Where our own parser stands in the bytes of one connection. */
export interface Reader {
  readonly messages: Message[]
  /** Takes the next bytes; calls `onMessage` at the end of each request. */
  push(bytes: Buffer): void
  /** How the bytes ended: between two requests, inside one, or in a form that the parser refuses. */
  state(): 'between' | 'inside' | 'refused'
  /** Bytes that complete the last request, or undefined where that takes more than content. */
  missing(): string | undefined
}

/** Reads a connection's bytes with the parser of the doors. */
export function createReader(onMessage: (message: Message) => void = () => {}): Reader {
  const head = createHead()
  const body = createBody()
  const messages: Message[] = []
  let input: Buffer = Buffer.alloc(0)
  let content = ''
  let phase: 'head' | 'body' | 'refused' = 'head'
  let offset = 0
  let whole = 0
  let current: Described | undefined
  const finish = () => {
    if (!current) return
    const message = { ...current, body: content, start: whole, end: offset }
    current = undefined
    messages.push(message)
    phase = 'head'
    whole = offset
    onMessage(message)
  }
  const step = (): boolean => {
    if (phase === 'head') {
      if (input.length === 0) return false
      const parsed = parseRequestHead(head, input, 0, input.length)
      if (parsed === 'more') return false
      if (parsed !== 'head') {
        phase = 'refused'
        return false
      }
      current = describe(head)
      content = ''
      beginBody(body, head.framing, head.length)
      offset += head.end
      input = input.subarray(head.end)
      phase = 'body'
      if (body.done) finish()
      return true
    }
    if (phase !== 'body' || input.length === 0) return false
    const from = input
    const end = advanceBody(body, from, 0, from.length, (start, stop) => {
      content += from.toString('latin1', start, stop)
    })
    offset += end
    input = input.subarray(end)
    if (body.problem !== '') phase = 'refused'
    else if (body.done) finish()
    return true
  }
  return {
    messages,
    push(bytes) {
      input = input.length === 0 ? bytes : Buffer.concat([input, bytes])
      while (step()) {}
    },
    state: () => (phase === 'refused' ? 'refused' : phase === 'head' && input.length === 0 ? 'between' : 'inside'),
    missing: () => missing(phase, body),
  }
}

function missing(phase: string, body: Body): string | undefined {
  return phase === 'body' && body.framing === 'length' && body.remaining < 100_000
    ? '.'.repeat(body.remaining)
    : undefined
}

type Described = Omit<Message, 'body' | 'start' | 'end'>

function describe(head: Head): Described {
  const fields = Array.from(
    { length: head.fieldCount },
    (_unused, index) => [fieldName(head, index), fieldValue(head, index)] as const,
  )
  return {
    method: head.method,
    target: targetText(head),
    host: head.host < 0 ? '' : fieldValue(head, head.host),
    fields,
    minor: head.minor,
  }
}
