import type { Ecosystem } from '../ecosystem.ts'

export const node: Ecosystem = {
  id: 'node',
  title: 'Node.js',
  prepare: ({ bundle }) => ({ NODE_USE_ENV_PROXY: '1', NODE_EXTRA_CA_CERTS: bundle }),
}
