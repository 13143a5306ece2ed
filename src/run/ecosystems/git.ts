import type { Ecosystem } from '../ecosystem.ts'

export const git: Ecosystem = {
  id: 'git',
  title: 'git',
  prepare: ({ bundle }) => ({ GIT_SSL_CAINFO: bundle }),
}
