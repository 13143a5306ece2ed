import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { randomText } from '../../src/keys/random.ts'
import { fileKeys } from '../../src/stores/file-keys.ts'
import { scanMemory } from '../support/scan-memory.ts'

it('leaves no copy of a key in the memory of the process that reads it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-memory-'))
  const key = randomText().base62(48)
  const config = { path: join(folder, 'keys'), identity: join(folder, 'identity.txt') }
  await fileKeys(config).set('stripe', Buffer.from(key))
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url))
  const script = `
    import { file } from ${from('../../src/stores/kinds/file.ts')}
    import { runChild } from ${from('../../src/stores/run-child.ts')}
    import { mask } from ${from('../../src/secret/masked.ts')}
    const options = { execPath: process.execPath, execArgv: [] }
    const child = (entry, request, bytesMax, signal) => runChild(entry, request, bytesMax, signal, options)
    const store = file.open(${JSON.stringify(config)}, { variable: () => undefined, child })
    const kept = []
    for (let i = 0; i < 12; i++) kept.push(mask(await store.read('stripe', new AbortController().signal)))
    process.stdout.write(String(kept.every(({ length }) => length === ${key.length})))
    setInterval(() => kept.length, 1_000)`
  const reader = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const said = await new Promise((resolve, reject) => {
      reader.stdout.once('data', (text: Buffer) => resolve(text.toString()))
      reader.once('close', () => reject(new Error('the reader ended')))
    })
    expect(said).toBe('true')
    expect(scanMemory(reader.pid ?? 0, Buffer.from(key))).toEqual({})
  } finally {
    reader.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
}, 180_000)
