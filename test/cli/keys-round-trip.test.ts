import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readPlan } from '../../src/config/read-plan.ts'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { randomText } from '../../src/keys/random.ts'
import { type FileStoreConfig, file } from '../../src/stores/kinds/file.ts'
import { runChild } from '../../src/stores/run-child.ts'

it('reads through the store what was given to the command line, for keys of many kinds', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sallyport-keys-'))
  try {
    const environment = { PATH: process.env.PATH ?? '', HOME: home }
    const outcome = await readPlan({ directory: home, environment, strict: false })
    if (!('plan' in outcome)) throw new Error('there is no plan')
    const store = file.open(outcome.plan.stores.file?.config as FileStoreConfig, {
      variable: () => undefined,
      child: (entry, request, bytesMax, signal) =>
        runChild(entry, request, bytesMax, signal, { execPath: process.execPath, execArgv: [] }),
    })
    // Two programs for each: of the hundred and more, every ninth.
    for (const kind of (await loadKinds()).filter((_, at) => at % 9 === 0)) {
      const key = kind.example(randomText())
      const program = join(import.meta.dirname, '../../sallyport')
      const set = spawnSync(program, ['keys', 'set', kind.id], {
        cwd: home,
        env: environment,
        input: `${key}\n`,
        encoding: 'utf8',
      })
      expect(set.status, set.stderr).toBe(0)
      expect(set.stdout + set.stderr).not.toContain(key.slice(8, 20))
      const bytes = await store.read(kind.id, new AbortController().signal)
      expect(Buffer.from(bytes).equals(Buffer.from(key))).toBe(true)
    }
  } finally {
    rmSync(home, { recursive: true })
  }
})
