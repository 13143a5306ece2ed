import type { Ecosystem } from '../ecosystem.ts'

export const curl: Ecosystem = {
  id: 'curl',
  title: 'curl',
  prepare: ({ bundle }) => ({ CURL_CA_BUNDLE: bundle }),
}
