import { readFileSync } from 'node:fs'
import { bundleFor } from '../certificate-bundle.ts'
import type { Ecosystem } from '../ecosystem.ts'

export const node: Ecosystem = {
  id: 'node',
  title: 'Node.js',
  prepare(door) {
    const { environment, write } = door
    const preload = write(
      'node/preload.cjs',
      readFileSync(new URL('../../../integrations/node/preload.cjs', import.meta.url)),
    )
    const own = environment.NODE_OPTIONS ?? ''
    return {
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: bundleFor(door, 'node', 'NODE_EXTRA_CA_CERTS'),
      // Node 18 and older know `--require` alone, and it starts no module loader. Quoted as Node unquotes it, for a path with spaces.
      NODE_OPTIONS: `${own}${own === '' ? '' : ' '}--require "${preload.replaceAll(/["\\]/g, '\\$&')}"`,
    }
  },
}
