import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildAutomaton, visitWords } from './automaton.ts'

function found(words: readonly string[], text: string): string[] {
  const list: string[] = []
  visitWords(buildAutomaton(words), Buffer.from(text, 'latin1'), 0, text.length, (word, end) =>
    list.push(`${words[word]}@${end}`),
  )
  return list.sort()
}

it('finds every place of every word, whatever the case, as a search for each of them does', () => {
  const letters = fc.constantFrom('a', 'b', 'A', '_', '\n')
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
      fc.string({ unit: letters, maxLength: 60 }),
      (words, text) => {
        const expected = words.flatMap((one) => {
          const ends: string[] = []
          for (let at = text.toLowerCase().indexOf(one); at !== -1; at = text.toLowerCase().indexOf(one, at + 1))
            ends.push(`${one}@${at + one.length}`)
          return ends
        })
        expect(found(words, text)).toEqual(expected.sort())
      },
    ),
  )
})

it('visits words that end together, the longest first', () => {
  const words = ['key', 'api_key', 'y']
  const list: string[] = []
  visitWords(buildAutomaton(words), Buffer.from('api_key'), 0, 7, (word) => list.push(words[word] ?? ''))
  expect(list).toEqual(['api_key', 'key', 'y'])
})
