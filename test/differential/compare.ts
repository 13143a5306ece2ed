import type { Front, Passed, Sent } from './fronts.ts'
import type { Peer, PeerReadings, Reading } from './peers.ts'
import { createReader, type Message } from './read-messages.ts'

/** What did not agree on one input; empty when all did. Sentences for a person. */
export type Disagreements = readonly string[]

/** Sends `input` through the door, and what the door sent to every other reader. */
export async function compare(front: Front, peers: readonly Peer[], input: string): Promise<Disagreements> {
  const passed = await front.pass(input)
  const wrong = judgeDoor(front, input, passed)
  for (const sent of passed.sent) {
    const requests = wholeRequests(sent)
    if (requests.length === 0) continue
    const bytes = requests.map(({ start, end }) => sent.bytes.subarray(start, end))
    // The doors send nothing behind such a request.
    const ending = requests.at(-1)?.fields.some(([name]) => name === 'upgrade') ? 'switch' : 'sentinel'
    const results = await Promise.all(peers.map(async (peer) => ({ peer, read: await peer.read(bytes, ending) })))
    for (const { peer, read } of results) {
      const problem = judgePeer(requests, read)
      if (problem) wrong.push(`${peer.name}: ${problem}`)
    }
  }
  return wrong
}

/** The door against its own reading of the input: it sends what it read and decided to pass, and answers each once. */
function judgeDoor({ authority }: Front, input: string, { answer, isClosed, sent, decisions }: Passed): string[] {
  const wrong: string[] = []
  if (!isClosed) wrong.push('the door: did not close after the client’s end')
  const reader = createReader()
  reader.push(Buffer.from(input, 'latin1'))
  // A target may name another upstream, which is not looked at.
  const allowed = reader.messages.filter((_message, index) => {
    const decision = decisions[index]
    return decision?.decision === 'allow' && (authority === undefined || decision.host === authority)
  })
  const messages = sent.flatMap(({ reader: { messages: all } }) => all)
  if (sent.some((connection) => connection.reader.state() === 'refused'))
    wrong.push('the door: sent what its own parser refuses')
  const bodies = (list: readonly Message[]) => JSON.stringify(list.map(({ method, body }) => [method, body]))
  if (reader.state() !== 'refused' && bodies(messages) !== bodies(allowed.slice(0, messages.length)))
    wrong.push(`the door: read ${bodies(allowed)} and sent ${bodies(messages)}`)
  const answers = answer.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0
  if (answers > decisions.length) wrong.push(`the door: ${answers} answers to ${decisions.length} requests`)
  return wrong
}

/** The requests of a connection; the last is completed where only content is missing, and left out otherwise. */
function wholeRequests(sent: Sent): readonly Message[] {
  const rest = sent.reader.missing()
  if (rest === undefined) return sent.reader.messages
  sent.bytes = Buffer.concat([sent.bytes, Buffer.from(rest)])
  sent.reader.push(Buffer.from(rest))
  return sent.reader.messages
}

/** A reader may refuse; it may not read something else. */
function judgePeer(requests: readonly Message[], { readings, isClosed }: PeerReadings): string | undefined {
  const expected: readonly Pick<Message, 'method' | 'target' | 'host' | 'body' | 'fields'>[] = [
    ...requests,
    { method: 'GET', target: '/sentinel', host: 'sentinel.test', body: '', fields: [] },
  ]
  if (readings.length > expected.length) return `read ${readings.length} requests and not ${expected.length}`
  for (const [index, reading] of readings.entries()) {
    if (typeof reading === 'number') continue
    const message = expected[index] as Message
    const isOurs = index < requests.length
    for (const part of ['method', 'target', 'host', 'body'] as const) {
      if (!isSame(reading, message, part))
        return `request ${index + 1}: read the ${part} ${JSON.stringify(reading[part])} and not ${JSON.stringify(message[part])}`
    }
    if (isOurs && reading.fields && !hasFields(reading.fields, message.fields))
      return `request ${index + 1}: read the fields ${JSON.stringify(reading.fields)} and not ${JSON.stringify(message.fields)}`
  }
  if (!isClosed) return `waits for more after ${readings.length} of ${expected.length} requests`
  return undefined
}

function isSame(reading: Reading, message: Message, part: 'method' | 'target' | 'host' | 'body'): boolean {
  // gunicorn takes `get` for GET. No rule of a policy allows it, and the two whose answers differ are refused.
  return part === 'method'
    ? reading.method.toUpperCase() === message.method.toUpperCase()
    : reading[part] === message[part]
}

/** Each of ours is there, in order; a proxy in between may have left out or added some. */
function hasFields(read: Message['fields'], ours: Message['fields']): boolean {
  let at = 0
  const known = new Set(ours.map(([name]) => name))
  for (const [name, value] of read) {
    if (!known.has(name) || proxied.has(name)) continue
    while (at < ours.length && !(ours[at]?.[0] === name && ours[at]?.[1] === value)) at++
    if (at === ours.length) return false
    at++
  }
  return true
}

/** What a proxy writes itself. */
const proxied = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'x-forwarded-for', 'expect'])
