import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommandLine } from './run-command-line.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-scan-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const leaky = "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }\n"

async function run(...args: string[]) {
  let out = ''
  let err = ''
  const stream = (take: (text: string) => void) => ({ write: take })
  const code = await runCommandLine(args, {
    process: {
      stdout: stream((text) => {
        out += text
      }),
      stderr: stream((text) => {
        err += text
      }),
    },
    stdin: process.stdin,
    environment: {},
    directory,
  } as Parameters<typeof runCommandLine>[1])
  return { code, out, err }
}

it('exits 0 on a clean folder', async () => {
  writeFileSync(join(directory, 'app.rb'), "require 'sinatra'\nget('/') { 'ok' }\n")
  expect(await run('scan')).toMatchObject({ code: 0, out: expect.stringContaining('grade A') })
})

it('exits 1 at the threshold and 0 under it', async () => {
  writeFileSync(join(directory, 'app.rb'), leaky)
  expect((await run('scan', '.')).code).toBe(1)
  expect((await run('scan', '--fail-on', 'critical')).code).toBe(0)
  expect((await run('scan', '--fail-on', 'never', '--fail-under', 'A')).code).toBe(1)
  expect((await run('scan', '--fail-on', 'never', '--fail-under', 'B')).code).toBe(0)
})

it('exits 2 for a path that is not there, and for a file that it may not write', async () => {
  expect(await run('scan', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('[FILE_UNREADABLE]') })
  expect(await run('scan', '--output', 'no/such/folder')).toMatchObject({
    code: 2,
    err: expect.stringContaining('[FILE_UNWRITABLE]'),
  })
})

it('writes the report where it is told', async () => {
  writeFileSync(join(directory, 'app.rb'), leaky)
  const { out } = await run('scan', '--format', 'json', '--output', 'report.json')
  expect(out).toBe('')
  expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))).toMatchObject({
    verb: 'scan',
    findings: [{ rule: 'key-in-response', at: { file: 'app.rb', line: 2 } }],
  })
})

it('explains a rule, lists them, and knows the nearest name', async () => {
  expect(await run('explain', 'key-in-log')).toMatchObject({
    code: 0,
    out: expect.stringContaining('API key reaches a log'),
  })
  expect((await run('explain')).out.split('\n').length).toBeGreaterThan(9)
  expect((await run('explain', 'key-in-response')).out).toMatch(
    /API key reaches an HTTP response[\s\S]*The service shows an API key/,
  )
  expect(await run('explain', 'key-in-lgo')).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean key-in-log?'),
  })
})
