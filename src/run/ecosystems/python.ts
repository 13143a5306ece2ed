import type { Ecosystem } from '../ecosystem.ts'

export const python: Ecosystem = {
  id: 'python',
  title: 'Python',
  prepare: ({ bundle }) => ({ REQUESTS_CA_BUNDLE: bundle }),
}
