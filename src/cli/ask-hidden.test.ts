import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { randomText } from '../keys/random.ts'
import { limits } from '../limits.ts'
import { askHidden } from './ask-hidden.ts'

/** A terminal as far as the question sees one: what was typed, and whether it was in raw mode meanwhile. */
function terminal() {
  const modes: boolean[] = []
  const shown: string[] = []
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => modes.push(mode) })
  const stderr = { write: (text: string) => void shown.push(text) }
  const world = { stdin, process: { stdout: stderr, stderr } }
  return { modes, shown, stdin, world }
}

it.each([
  ['a line', ['abc\r'], 'abc'],
  ['a line in pieces', ['a', 'b', 'c\n', 'later'], 'abc'],
  ['backspaces, more of them than characters', ['\u007f\u007fabx\u007fc\b\bbc\r'], 'abc'],
  ['a line that is cleared', ['wrong\u0015abc\r'], 'abc'],
  ['the end of input', ['abc\u0004'], 'abc'],
  ['nothing', ['\r'], ''],
])('takes %s from a terminal, unseen', async (_what, pieces, expected) => {
  const { stdin, world, modes, shown } = terminal()
  const answer = askHidden(world, 'Key: ')
  for (const piece of pieces) stdin.write(piece)
  expect(Buffer.from((await answer) ?? []).toString()).toBe(expected)
  expect(modes).toEqual([true, false])
  expect(shown.join('')).toBe('Key: \n')
})

it('gives up at Ctrl-C, and leaves the terminal as it was', async () => {
  const { stdin, world, modes } = terminal()
  const answer = askHidden(world, 'Key: ')
  stdin.write('abc\u0003')
  expect(await answer).toBeUndefined()
  expect(modes).toEqual([true, false])
})

it('holds no more than it needs to see that there is too much', async () => {
  const { stdin, world } = terminal()
  const answer = askHidden(world, 'Key: ')
  stdin.write(Buffer.alloc(100_000, 0x61))
  stdin.write('\r')
  expect((await answer)?.length).toBe(limits.keyBytesMax + 3)
})

it('wipes the pieces in which the key came', async () => {
  const stdin = new PassThrough()
  const pieces = [Buffer.from('abc'), Buffer.from('def\n')]
  for (const piece of pieces) stdin.write(piece)
  stdin.end()
  const { world } = terminal()
  expect(Buffer.from((await askHidden({ ...world, stdin }, '')) ?? []).toString()).toBe('abcdef\n')
  for (const piece of pieces) expect(piece.every((byte) => byte === 0)).toBe(true)
})

it('shows nothing of the key on a real terminal', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sallyport-terminal-'))
  try {
    const key = randomText().base62(30)
    const program = join(import.meta.dirname, '../../sallyport')
    // `script` (util-linux) gives the command a terminal, and us what appears on it.
    const child = spawn('/usr/bin/script', ['-qec', `'${program}' keys set stripe`, '/dev/null'], {
      env: { PATH: process.env.PATH ?? '', HOME: home },
    })
    let screen = ''
    let isTyped = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text
      if (isTyped || !screen.includes('(not shown): ')) return
      isTyped = true
      child.stdin.write(`${key}\r`)
    })
    const exit = await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    expect(screen).toContain('set stripe in')
    expect(screen).not.toContain(key.slice(0, 4))
    expect(exit).toBe(0)
  } finally {
    rmSync(home, { recursive: true })
  }
})
