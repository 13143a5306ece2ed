import { bundleFor } from '../certificate-bundle.ts'
import type { Ecosystem } from '../ecosystem.ts'

export const curl: Ecosystem = {
  id: 'curl',
  title: 'curl',
  prepare: (door) => ({ CURL_CA_BUNDLE: bundleFor(door, 'curl', 'CURL_CA_BUNDLE') }),
}
