import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/sallyport.ts'

it('names that a silent resolver does not answer keep no other request waiting, and are given up in time', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.9\n')
  writeFileSync(join(folder, 'hosts'), `${readFileSync('/etc/hosts', 'utf8')}\n127.0.0.1 named.test\n`)
  // A network and a resolver of its own.
  const setup = `ip link set lo up && mount --bind ${folder}/resolv.conf /etc/resolv.conf && mount --bind ${folder}/hosts /etc/hosts`
  const { stdout } = await promisify(execFile)(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      '--net',
      'sh',
      '-c',
      `${setup} && exec "$@"`,
      'sh',
      process.execPath,
      join(import.meta.dirname, 'in-a-silent-network.ts'),
    ],
    { timeout: 60_000 },
  )
  const { others, isWaiting, failed } = JSON.parse(stdout)
  expect(others).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 /), expect.stringMatching(/^HTTP\/1\.1 200 /)])
  expect(isWaiting).toBe(true)
  expect(failed).toHaveLength(7)
  for (const answer of failed) expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*UPSTREAM_UNRESOLVED/)
}, 90_000)
