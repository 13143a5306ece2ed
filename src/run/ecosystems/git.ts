import { bundleFor } from '../certificate-bundle.ts'
import type { Ecosystem } from '../ecosystem.ts'

export const git: Ecosystem = {
  id: 'git',
  title: 'git',
  prepare: (door) => ({ GIT_SSL_CAINFO: bundleFor(door, 'git', 'GIT_SSL_CAINFO') }),
}
