import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const program = join(import.meta.dirname, '../../sallyport')
const leaky = "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }\n"
const clean = "require 'sinatra'\nget('/') { 'ok' }\n"

let directory = ''
let child: ChildProcess | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-watch-'))
  writeFileSync(join(directory, 'app.rb'), leaky)
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

/** What the command shows on a terminal (`script`, of util-linux, gives it one); `next` resolves with what is new. */
function onTerminal(flags: string) {
  const started = spawn(
    '/usr/bin/script',
    ['-qec', `exec '${program}' scan --watch --no-cache ${flags}`, '/dev/null'],
    {
      cwd: directory,
      env: { PATH: process.env.PATH ?? '', HOME: directory, TERM: 'xterm' },
    },
  )
  child = started
  let screen = ''
  let taken = 0
  let check = () => {}
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    check()
  })
  const exit = new Promise((resolve) => started.on('close', resolve))
  return {
    exit,
    press: (key: string) => started.stdin.write(key),
    next: (awaited: string) =>
      new Promise<string>((resolve) => {
        check = () => {
          const end = screen.indexOf(awaited, taken)
          if (end === -1) return
          const fresh = screen.slice(taken, end + awaited.length)
          taken = end + awaited.length
          resolve(fresh)
        }
        check()
      }),
  }
}

it('scans again when a file, the configuration or the baseline changes, and ends at Ctrl-C as the last scan did', async () => {
  const { next, press, exit } = onTerminal('')
  const first = await next('watching')
  expect(first).toContain('key-in-response')
  expect(first).toContain('\u001b[2J\u001b[3J\u001b[H')
  writeFileSync(join(directory, 'sallyport.yaml'), 'scan: { rules: { key-in-response: off }, nonsense: 1 }\n')
  expect(await next('watching')).toContain('[CONFIG_INVALID]')
  writeFileSync(join(directory, 'sallyport.yaml'), 'scan: { rules: { key-in-response: off } }\n')
  expect(await next('watching')).toContain('grade A')
  rmSync(join(directory, 'sallyport.yaml'))
  expect(await next('watching')).toContain('key-in-response')
  writeFileSync(join(directory, '.sallyport-baseline.json'), '{')
  expect(await next('watching')).toContain('[BASELINE_INVALID]')
  rmSync(join(directory, '.sallyport-baseline.json'))
  expect(await next('watching')).toContain('key-in-response')
  press('\u0003')
  expect(await exit).toBe(1)
}, 120_000)

it('is not stirred by the report that it writes, and exits 0 where the last scan found nothing', async () => {
  const { next, press, exit } = onTerminal('--format text --format json=report.json')
  await next('watching')
  writeFileSync(join(directory, 'app.rb'), clean)
  expect(await next('watching')).toContain('grade A')
  expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))).toMatchObject({ findings: [] })
  press('\u0003')
  expect(await exit).toBe(0)
}, 60_000)
