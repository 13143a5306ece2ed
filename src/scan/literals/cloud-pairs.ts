import { looksRandom } from './looks-random.ts'
import { isPretended } from './pretended.ts'
import type { Detector, Search } from './search.ts'
import { startsAlone } from './shaped-keys.ts'

/** So far from its id a secret access key is taken for the id's. */
const nearBytes = 500

/** AWS's secret access keys, which have no shape, by the id that stands beside them. */
export const cloudPairs: Detector = {
  words: ['AKIA', 'ASIA'],
  readsBinary: false,
  begin: (search) => (start) => {
    if (!startsAlone(search.bytes, start)) return
    const id = /^A[KS]IA[A-Z2-7]{16}(?![0-9A-Za-z])/.exec(search.bytes.toString('latin1', start, start + 21))?.[0]
    if (id === undefined || (isPretended(id.slice(4)) && !search.isLenient)) return
    const from = Math.max(0, start - nearBytes)
    const text = search.bytes.toString('latin1', from, start + nearBytes)
    for (const { 0: secret, index } of text.matchAll(/(?<![0-9A-Za-z+/=_-])[0-9A-Za-z+/]{40}(?![0-9A-Za-z+/=_-])/g))
      if (isSecretAccessKey(secret)) report(search, secret, from + index)
  },
}

function isSecretAccessKey(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text) && looksRandom(text) && !isPretended(text)
}

function report(search: Search, secret: string, start: number): void {
  const { isTest, isExample, isDocumentation } = search.setting
  const isAside = isTest || isExample || isDocumentation
  search.report({
    rule: 'cloud-credentials',
    kind: 'aws-secret-access-key',
    title: 'AWS access key pair',
    start,
    end: start + secret.length,
    secret,
    severity: isAside ? 'medium' : 'critical',
    confidence: isAside ? 'tentative' : 'certain',
  })
}
