import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommandLine } from './run-command-line.ts'

it('says where a bug of its own is, and nothing of what the error quotes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-bug-'))
  const canary = randomBytes(16).toString('hex')
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get() {
        throw new SyntaxError(`Unexpected token in "${canary}\u001b[31m\n    at ${canary} (x.js:1:1)"`)
      },
    },
  )
  let err = ''
  const stream = (take: (text: string) => void) => ({ write: take, isTTY: false })
  const process_ = {
    stdout: stream(() => undefined),
    stderr: stream((text) => {
      err += text
    }),
  }
  const code = await runCommandLine(['scan'], { process: process_, stdin: process.stdin, environment, directory })
  rmSync(directory, { recursive: true })
  expect(code).toBe(70)
  expect(err).toMatch(/bug in Sallyport.*\nSyntaxError\n {4}at .*run-command-line\.test\.ts/)
  expect(err).not.toContain(canary)
})
