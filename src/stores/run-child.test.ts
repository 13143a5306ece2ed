import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runChild } from './run-child.ts'

const options = { execPath: process.execPath, execArgv: [] }
const signal = new AbortController().signal
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-child-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function entry(name: string, code: string): Promise<URL> {
  const path = join(folder, `${name}.entry.mjs`)
  await writeFile(path, code)
  return pathToFileURL(path)
}

const answering = (body: string) =>
  entry(
    'answering',
    `import { answerRequest } from ${JSON.stringify(new URL('./answer-request.ts', import.meta.url))}
     await answerRequest(process, async (request) => { ${body} }, 1_000)`,
  )

it('gives the request to the child and resolves to its bytes, whatever they are', async () => {
  const child = await answering('return Uint8Array.from({ length: request.length }, (_, i) => i)')
  const answer = await runChild(child, { length: 256 }, 1_000, signal, options)
  expect([...answer]).toEqual(Array.from({ length: 256 }, (_, i) => i))
  expect(answer.buffer.byteLength).toBe(256)
})

it('gives the child an empty environment', async () => {
  const child = await answering('return Buffer.from(JSON.stringify(Object.keys(process.env)))')
  expect(Buffer.from(await runChild(child, {}, 1_000, signal, options)).toString()).toBe('[]')
})

it('never has the answer in clear in the pipe', async () => {
  const child = await entry(
    'tapping',
    `const write = process.stdout.write.bind(process.stdout)
     process.stdout.write = (bytes, done) => write(Buffer.from(String(bytes.includes('clear'))), done)
     const { answerRequest } = await import(${JSON.stringify(new URL('./answer-request.ts', import.meta.url))})
     await answerRequest(process, async () => Buffer.from('clear'), 1_000)`,
  )
  // What arrives is unmasked again, so neither word is readable unless the pad was left out.
  const text = Buffer.from(await runChild(child, {}, 1_000, signal, options)).toString('latin1')
  expect(text).toHaveLength('false'.length)
})

it('rejects with the error that the child tells', async () => {
  const errors = JSON.stringify(new URL('../errors.ts', import.meta.url))
  const child = await answering(
    `const { SallyportError } = await import(${errors}); throw new SallyportError('STORE_DAMAGED', 'it is broken')`,
  )
  await expect(runChild(child, {}, 1_000, signal, options)).rejects.toMatchObject({
    code: 'STORE_DAMAGED',
    message: 'it is broken',
  })
})

it('repeats nothing of what a crashing child writes', async () => {
  const child = await entry('crashing', `throw new Error('canary')`)
  const error = await runChild(child, {}, 1_000, signal, options).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'STORE_UNREACHABLE' })
  expect(String(error)).not.toContain('canary')
})

it('refuses an answer longer than was asked for', async () => {
  const child = await entry(
    'endless',
    `for (;;) if (!process.stdout.write(Buffer.alloc(65_536))) await new Promise((r) => process.stdout.once('drain', r))`,
  )
  await expect(runChild(child, {}, 100, signal, options)).rejects.toMatchObject({ code: 'STORE_KEY_INVALID' })
})

it('kills a child that does not answer in time', async () => {
  const child = await entry('silent', 'setInterval(() => {}, 1_000)')
  await expect(runChild(child, {}, 100, signal, { ...options, timeoutMs: 300 })).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
  })
})

it('kills the child and gives up with the reason when the signal is aborted, waiting ones included', async () => {
  const child = await entry('silent', 'setInterval(() => {}, 1_000)')
  const controller = new AbortController()
  const reason = new Error('not wanted any more')
  const readings = Array.from({ length: 8 }, () => runChild(child, {}, 100, controller.signal, options))
  const outcomes = Promise.allSettled(readings)
  controller.abort(reason)
  for (const outcome of await outcomes) expect(outcome).toEqual({ status: 'rejected', reason })
  const answer = await runChild(await answering('return Buffer.from("x")'), {}, 100, signal, options)
  expect(answer).toHaveLength(1)
})

it('says that the program could not be started', async () => {
  const child = await entry('never', '')
  await expect(runChild(child, {}, 100, signal, { execPath: '/nonexistent', execArgv: [] })).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
  })
})
