import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect } from 'vitest'
import { temporaryFolder } from '../support/sallyport.ts'
import type { ClientDoor } from './open-door.ts'

/** Programs that reach `https://ledger.test` with the key in `LEDGER_KEY`. */
export interface TrafficPrograms {
  readonly title: string
  /** Reads `/download` piece by piece and prints the SHA-256 of what came, in hex. */
  readonly download: string
  /** Sends the file `BODY` to `/upload` without holding it whole and prints the answer. */
  readonly upload: string
  /** Prints each line of `/events` that begins with `data: ` as soon as it is there. */
  readonly events: string
}

const eventCount = 3

/** An upstream for the three of them. An event is sent only when the client has shown the one before. */
export class Traffic {
  readonly body = randomBytes(5 << 20)
  readonly file = join(temporaryFolder(), 'body')
  #shown = 0
  #onShown: () => void = () => undefined
  readonly #isKey: (field: string | undefined) => boolean

  constructor(isKey: (field: string | undefined) => boolean) {
    writeFileSync(this.file, this.body)
    this.#isKey = isKey
  }

  readonly respond = (request: IncomingMessage, response: ServerResponse): void => {
    if (!this.#isKey(request.headers.authorization)) {
      response.writeHead(401).end()
      return
    }
    if (request.url === '/download') {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' })
      response.end(this.body)
    } else if (request.url === '/upload') void answerDigest(request, response)
    else void this.#sendEvents(response)
  }

  async #sendEvents(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    for (let i = 0; i < eventCount; i++) {
      response.write(`data: ${i}\n\n`)
      await new Promise<void>((resolve) => {
        this.#onShown = () => this.#shown > i && resolve()
        this.#onShown()
      })
    }
    response.end()
  }

  /** Runs one program to its end, or for 20 s; rejects where it did not show what it should. */
  async prove(
    kind: 'download' | 'upload' | 'events',
    [program = '', ...args]: readonly string[],
    door: ClientDoor,
  ): Promise<void> {
    this.#shown = 0
    const child = spawn(program, args, {
      env: { ...door.environment, BODY: this.file },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
      this.#shown = output.match(/^data: \d$/gm)?.length ?? 0
      this.#onShown()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    const [code] = await once(child, 'close')
    const digest = createHash('sha256').update(this.body).digest('hex')
    const lines = kind === 'events' ? Array.from({ length: eventCount }, (_, i) => `data: ${i}`) : [digest]
    expect([code, output.trim().split('\n')], errors).toEqual([0, lines])
  }
}

async function answerDigest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of request) hash.update(chunk)
  response.end(hash.digest('hex'))
}
