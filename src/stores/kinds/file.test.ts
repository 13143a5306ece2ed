import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { behavesAsStore } from '../behaves-as-store.ts'
import { writeSealed } from '../file-keys.ts'
import { runChild } from '../run-child.ts'
import { file } from './file.ts'

behavesAsStore('file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-file-'))
  const config = { path: join(folder, 'keys'), identity: join(folder, 'identity.txt') }
  const { execPath } = process
  const store = file.open(config, {
    variable: () => undefined,
    child: (entry, request, bytesMax, signal) => runChild(entry, request, bytesMax, signal, { execPath, execArgv: [] }),
  })
  return {
    store,
    async put(number, bytes) {
      const name = `key-${number}`
      if (bytes) await writeSealed(config, name, bytes)
      return name
    },
    close: () => rm(folder, { recursive: true }),
  }
})
