import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { scanMemory } from './scan-memory.ts'

/** Holds a secret in spellings of its own making: what it is given is spelled backwards, so that it is none of them. */
const holder = `
const secret = Buffer.from([...process.argv[1]].reverse().join(''), 'hex')
const held = [
  Buffer.allocUnsafeSlow(secret.length),
  Buffer.from(secret.toString('base64')),
  Buffer.alloc(secret.length * 5, 7),
  Buffer.from(secret.toString('latin1'), 'utf16le'),
]
secret.copy(held[0])
secret.forEach((byte, index) => { held[2][index * 5] = byte })
secret.fill(0)
process.stdout.write('ready')
setTimeout(() => held, 60_000)
`

it('counts a secret in its spellings and strides, and counts no other', async () => {
  const secret = Buffer.from(randomBytes(24).toString('hex').replace(/../g, 'a$&').slice(0, 48))
  const backwards = [...secret.toString('hex')].reverse().join('')
  const child = spawn(process.execPath, ['-e', holder, backwards], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    const pid = child.pid ?? 0
    const copies = scanMemory(pid, secret)
    for (const name of ['raw', 'base64 at offset 0', 'stride 5', 'stride 2'])
      expect(copies[name] ?? 0, name).toBeGreaterThan(0)
    expect(scanMemory(pid, randomBytes(32))).toEqual({})
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
})

it('says what the system says where it may not read', () => {
  expect(() => scanMemory(0x7fffffff, randomBytes(32))).toThrow('ENOENT')
})
