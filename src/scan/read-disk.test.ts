import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { diskReader } from './read-disk.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-read-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function content(name: string, written?: string | Uint8Array) {
  const at = join(folder, name)
  if (written !== undefined) writeFileSync(at, written)
  return diskReader.content({ path: name, at })
}

const textOf = (read: ReturnType<typeof content>) =>
  read.kind === 'text' ? Buffer.from(read.bytes).toString() : read.kind

it('tells text from what is none', () => {
  expect(textOf(content('a', 'one\n'))).toBe('one\n')
  expect(textOf(content('b', Uint8Array.of(0x89, 0, 1)))).toBe('binary')
  expect(textOf(content('empty', ''))).toBe('')
})

it('makes UTF-8 of UTF-16, and takes byte order marks off', () => {
  expect(textOf(content('a', Buffer.from('\ufeffkey = é', 'utf16le')))).toBe('key = é')
  expect(textOf(content('b', Buffer.from('\ufeffkey = é', 'utf16le').swap16()))).toBe('key = é')
  expect(textOf(content('c', '\ufeffkey = é'))).toBe('key = é')
})

it('neither follows a link nor waits for a pipe that stands where a file was', () => {
  writeFileSync(join(folder, 'file'), 'x')
  symlinkSync('file', join(folder, 'link'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  expect(content('link')).toMatchObject({ kind: 'unread', why: 'could not be read (ELOOP)' })
  expect(content('pipe')).toMatchObject({ kind: 'unread', why: 'neither a file nor a folder, not read' })
  expect(diskReader.content({ path: 'null', at: '/dev/zero' })).toMatchObject({ kind: 'unread' })
  expect(content('gone')).toMatchObject({ kind: 'unread', why: 'could not be read (ENOENT)' })
  expect(diskReader.content({ path: '', at: folder })).toMatchObject({ kind: 'unread' })
})

it('reads nothing of a file that has no end', () => {
  writeFileSync(join(folder, 'sparse'), '')
  truncateSync(join(folder, 'sparse'), 2 ** 40)
  expect(content('sparse')).toMatchObject({ kind: 'unread', why: 'larger than 256 MiB, not read' })
})

it('gives a large file in windows, each byte to one of them, with its line and column', () => {
  const line = `${'x'.repeat(99)}\n`
  const text = line.repeat(Math.ceil((2.5 * limits.scanWindowBytes) / line.length))
  const at = join(folder, 'large')
  writeFileSync(at, text)
  expect(content('large')).toMatchObject({ kind: 'large', size: text.length })
  let owned = 0
  for (const { bytes, line, column, from, to } of diskReader.windows({ path: 'large', at })) {
    const start = owned - from
    expect(Buffer.from(bytes.subarray(0, 500)).toString()).toBe(text.slice(start, start + 500))
    expect([line, column]).toEqual([Math.floor(start / 100), start % 100])
    if (owned > 0) expect(from).toBe(limits.scanWindowOverlapBytes)
    owned += to - from
  }
  expect(owned).toBe(text.length)
})
