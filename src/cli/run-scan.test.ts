import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import { runCommandLine } from './run-command-line.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-scan-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const leaky = "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }\n"

interface Terminal {
  readonly environment: Record<string, string>
  readonly isTTY: boolean
}

async function run(...given: (string | Terminal)[]) {
  const args = given.filter((one) => typeof one === 'string')
  const { environment, isTTY } = given.find((one) => typeof one === 'object') ?? { environment: {}, isTTY: false }
  let out = ''
  let err = ''
  const stream = (take: (text: string) => void) => ({ write: take, isTTY })
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
    environment,
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
  expect((await run('scan', '--fail-on', 'never', '--fail-under', 'C')).code).toBe(1)
  expect((await run('scan', '--fail-on', 'never', '--fail-under', 'D')).code).toBe(0)
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

it('writes several reports at once, each to its file', async () => {
  writeFileSync(join(directory, 'app.rb'), leaky)
  const { code, out } = await run('scan', '--format', 'sarif=scan.sarif', '--format', 'text', '--format', 'html=a.html')
  expect(code).toBe(1)
  expect(out).toContain('grade D')
  expect(JSON.parse(readFileSync(join(directory, 'scan.sarif'), 'utf8')).version).toBe('2.1.0')
  expect(readFileSync(join(directory, 'a.html'), 'utf8')).toMatch(/^<!doctype html>/)
  expect(readdirSync(directory).sort()).toEqual(['a.html', 'app.rb', 'scan.sarif'])
})

it.each([
  ['two reports for standard output', ['--format', 'json', '--format', 'text'], 'only one can go to standard output'],
  ['a file that nothing is written to', ['--format', 'json=a', '--output', 'b'], 'leave one of the two out'],
  ['one file for two reports', ['--format', 'json=a', '--format', 'sarif=a'], 'two reports would be written to a'],
  ['a format that does not exist', ['--format', 'pdf'], 'there is no format pdf'],
  ['a format with an empty name of a file', ['--format', 'json='], 'names no file'],
  ['a folder as a file', ['--output', '.'], 'is a folder'],
])('refuses %s before it scans', async (_name, flags, says) => {
  // The path does not exist: had it been looked for first, the error would be another.
  expect(await run('scan', ...flags, 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining(says) })
})

it('exits 1 for what was not read, when it is asked to', async () => {
  writeFileSync(join(directory, 'app.rb'), 'def (')
  expect((await run('scan')).code).toBe(0)
  expect((await run('scan', '--fail-on-gaps')).code).toBe(1)
})

it('colours what goes to a terminal, or where it is forced, and nothing else', async () => {
  writeFileSync(join(directory, 'app.rb'), leaky)
  const isColored = async (environment: Record<string, string>, isTTY: boolean, ...flags: string[]) =>
    (await run('scan', { environment, isTTY }, ...flags)).out.includes('\u001b[')
  expect(await isColored({}, false)).toBe(false)
  expect(await isColored({}, true)).toBe(true)
  expect(await isColored({ TERM: 'dumb' }, true)).toBe(false)
  expect(await isColored({ NO_COLOR: '1' }, true)).toBe(false)
  expect(await isColored({ FORCE_COLOR: '1' }, false)).toBe(true)
  expect(await isColored({ FORCE_COLOR: '0' }, true)).toBe(false)
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
    err: expect.stringContaining('did you mean key-in-log'),
  })
})

it('shows no key that is the name of a file or folder', async () => {
  const kind = (await loadKinds()).find(({ id }) => id === 'stripe-secret-key')
  const key = kind?.example(randomText(randomBytes)) ?? ''
  mkdirSync(join(directory, key))
  writeFileSync(join(directory, key, `${key}.rb`), `${leaky}# sallyport: allow key-in-log -- ${key}\n`)
  writeFileSync(join(directory, key, 'broken.rb'), 'def (((')
  const formats = ['text', 'json', 'sarif', 'html', 'junit', 'github', 'gitlab']
  const outputs = formats.flatMap((format) => ['--format', `${format}=${format}.out`])
  await run('scan', '--format', 'json=first.out', '--write-baseline', 'known.json')
  await run('scan', ...outputs, '--verbose')
  for (const file of [...formats.map((format) => `${format}.out`), 'known.json']) {
    const told = readFileSync(join(directory, file), 'utf8')
    expect(told).toContain('sk_live_…')
    expect(told).not.toContain(key.slice(8, 14))
  }
})

it('counts nothing that is left out on purpose as a gap, and says it all the same', async () => {
  writeFileSync(join(directory, 'app.rb'), "require 'sinatra'\nget('/') { 'ok' }\n")
  mkdirSync(join(directory, 'node_modules'))
  symlinkSync('app.rb', join(directory, 'link.rb'))
  const { code, out } = await run('scan', '--fail-on-gaps')
  expect(code).toBe(0)
  expect(out).toContain('symbolic links, not followed 1')
  expect(out.replace(/\s+/g, ' ')).toContain('other people’s code, not read node_modules')
})

it('obeys nothing that a stranger’s tree says of its own findings', async () => {
  writeFileSync(join(directory, 'app.rb'), leaky)
  writeFileSync(join(directory, 'known.rb'), leaky)
  await run('scan', 'known.rb', '--write-baseline', '.sallyport-baseline.json')
  writeFileSync(join(directory, 'known.rb'), leaky)
  writeFileSync(join(directory, 'sallyport.yaml'), 'scan: { exclude: [app.rb], rules: { key-in-log: off } }\n')
  writeFileSync(join(directory, 'ignored.rb'), leaky)
  writeFileSync(join(directory, '.gitignore'), 'ignored.rb\n')
  const allow = "puts ENV['A_KEY'] # sallyport: allow key-in-log -- mine\n"
  writeFileSync(join(directory, 'allowed.rb'), allow)
  const files = ['app.rb', 'known.rb', 'ignored.rb', 'allowed.rb']
  const told = async (...flags: string[]) => {
    const { out } = await run('scan', '--format', 'json', ...flags)
    const { findings } = JSON.parse(out) as { findings: { at: { file: string } }[] }
    return files.filter((file) => findings.some(({ at }) => at.file === file))
  }
  expect(await told()).toEqual([])
  expect(await told('--untrusted')).toEqual(files)
  expect(await told('--untrusted', '--baseline', '.sallyport-baseline.json', '--exclude', 'app.rb')).toEqual([
    'ignored.rb',
    'allowed.rb',
  ])
})
