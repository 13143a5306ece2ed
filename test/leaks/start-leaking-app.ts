import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import type { KeyKind } from '../../src/keys/kind.ts'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { randomText } from '../../src/keys/random.ts'
import { readTree } from '../support/read-tree.ts'
import { temporaryFolder, until } from '../support/sallyport.ts'
import type { Ask, Channel, LeakingApp } from './leaking-app.ts'
import { openStubUpstreams } from './stub-upstreams.ts'

const kinds = await loadKinds()
const random = randomText()

export interface StartedApp {
  readonly keys: Readonly<Record<string, string>>
  ask(ask: Ask): Promise<void>
  /** All that came out by this channel until now. */
  read(channel: Channel): string
  /** Every channel and what came out by it. */
  readAll(): ReadonlyMap<Channel, string>
  output(): string
  close(): Promise<void>
}

/** The files of an app, with a key in the place of each `{{kind-id}}`. */
export function filesOf(folder: string): { readonly path: string; readonly text: string }[] {
  return readTree(folder).map(({ path, text }) => ({ path, text: filled(text) }))
}

function filled(text: string): string {
  return text.replace(/\{\{([\w-]+)\}\}/g, (whole, id: string) => kindOf(id)?.example(random) ?? whole)
}

function kindOf(id: string): KeyKind | undefined {
  return kinds.find((kind) => kind.id === id)
}

/** Starts the app for real, on files of its own, and waits until it answers; one that is no server is run to its end. */
export async function startLeakingApp(app: LeakingApp, folder: string): Promise<StartedApp> {
  const work = temporaryFolder()
  for (const { path, text } of filesOf(folder)) {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), text)
  }
  const stubs = await openStubUpstreams()
  const port = app.command.some((word) => word.includes('{port}')) ? await freePort() : undefined
  const keys = Object.fromEntries(
    Object.entries(app.keys).map(([name, id]) => {
      const kind = kindOf(id)
      if (!kind) throw new Error(`${app.title}: there is no kind ${id}`)
      return [name, kind.example(random)]
    }),
  )
  const bin = join(work, '.bin')
  recorders(bin, join(work, '.arguments'), app.programs ?? [])
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) =>
      name === 'port'
        ? String(port)
        : name === 'folder'
          ? work
          : name === 'otherAuthority'
            ? new URL(stubs.urls.other).host
            : ((stubs.urls as Record<string, string>)[name] ?? whole),
    )
  const [program = '', ...args] = app.command.map(fill)
  const environment = Object.entries(app.environment ?? {}).map(([name, value]) => [name, fill(value)])
  const child = spawn(program, args, {
    cwd: work,
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      HOME: work,
      LANG: 'C.UTF-8',
      ...Object.fromEntries(environment),
      ...keys,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  let isOver = false
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void ended.then(() => {
    isOver = true
  })
  const answers: { fields: string[]; content: string }[] = []
  const says = () => `${app.title} did not start:\n${output}`
  if (port === undefined) await until(() => isOver, 20_000, says)
  else await until(async () => isOver || (await isOpen(port)), 20_000, says)
  if (port !== undefined && isOver) throw new Error(says())

  const channels = (): Map<Channel, string> => {
    const read = new Map<Channel, string>([
      ['content', answers.map(({ content }) => content).join('\n')],
      ['output', output],
      ['upstream target', stubs.arrived.upstream.map(({ target }) => target).join('\n')],
      ['upstream content', stubs.arrived.upstream.map(({ content }) => content).join('\n')],
      ['other host', stubs.arrived.other.map((arrived) => JSON.stringify(arrived)).join('\n')],
      ['unverified upstream', stubs.arrived.unverified.map((arrived) => JSON.stringify(arrived)).join('\n')],
    ])
    const add = (channel: Channel, text: string) => read.set(channel, `${read.get(channel) ?? ''}${text}\n`)
    for (const { fields } of answers)
      for (let i = 0; i + 1 < fields.length; i += 2)
        add(`field ${(fields[i] ?? '').toLowerCase()}`, fields[i + 1] ?? '')
    for (const { fields } of stubs.arrived.upstream)
      for (const [name, value] of Object.entries(fields)) add(`upstream field ${name}`, value)
    if (existsSync(join(work, '.arguments'))) add('arguments', readFileSync(join(work, '.arguments'), 'utf8'))
    for (const { path, text } of readTree(work))
      if (!path.startsWith('.') && !existsSync(join(folder, path))) add(`file ${path}`, text)
    return read
  }
  return {
    keys,
    async ask(ask) {
      if (port !== undefined) answers.push(await answerTo(port, filledAsk(ask, fill)))
    },
    read: (channel) => channels().get(channel) ?? '',
    readAll: channels,
    output: () => output,
    async close() {
      if (!isOver) child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(late)
      await stubs.close()
    },
  }
}

function filledAsk({ path, content, ...rest }: Ask, fill: (text: string) => string): Ask {
  return { ...rest, path: fill(path), ...(content === undefined ? {} : { content: fill(content) }) }
}

/** Programs that write down their arguments and do nothing else. */
function recorders(folder: string, file: string, programs: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  for (const program of programs) {
    writeFileSync(join(folder, program), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${file}'\n`)
    chmodSync(join(folder, program), 0o755)
  }
}

async function answerTo(port: number, ask: Ask): Promise<{ fields: string[]; content: string }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path, fields = {}, content } = ask
    const asking = request({ host: '127.0.0.1', port, method, path, headers: fields, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ fields: response.rawHeaders, content: Buffer.concat(chunks).toString() }))
    })
    asking.setTimeout(20_000, () => asking.destroy(new Error(`no answer to ${method} ${path}`)))
    asking.on('error', reject)
    asking.end(content)
  })
}

async function isOpen(port: number): Promise<boolean> {
  return answerTo(port, { path: '/__is_it_open' }).then(
    () => true,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
