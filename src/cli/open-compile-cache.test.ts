import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { privateFolder } from './open-compile-cache.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport home '))
})
afterEach(() => rmSync(home, { recursive: true }))

it('makes a folder that only its owner can enter', () => {
  const path = join(home, '.cache/sallyport')
  expect(privateFolder(path)).toBe(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

it('refuses a folder that others can write, and a link to one', () => {
  const open = join(home, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  symlinkSync(open, join(home, 'link'))
  expect(privateFolder(open)).toBeUndefined()
  expect(privateFolder(join(home, 'link'))).toBeUndefined()
})

it('refuses a path that cannot be a folder', () => expect(privateFolder('/dev/null/sallyport')).toBeUndefined())

it('keeps compiled code there, and none in the folder for temporary files', () => {
  const temporary = join(home, 'tmp')
  mkdirSync(temporary)
  const code = `const { openCompileCache } = await import(${JSON.stringify(join(import.meta.dirname, 'open-compile-cache.ts'))})
    openCompileCache(${JSON.stringify(home)})
    await import(${JSON.stringify(join(import.meta.dirname, '../errors.ts'))})`
  const args = ['--input-type=module', '--eval', code]
  expect(spawnSync(process.execPath, args, { env: { TMPDIR: temporary }, encoding: 'utf8' }).stderr).toBe('')
  expect(readdirSync(join(home, '.cache/sallyport/compiled'))).toHaveLength(1)
  expect(readdirSync(temporary)).toEqual([])
})
