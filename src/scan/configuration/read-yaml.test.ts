import fc from 'fast-check'
import { expect, it } from 'vitest'
import { workOf } from '../../../test/support/work-of.ts'
import { entriesAt, itemsAt, nodeAt, textAt } from './node.ts'
import { openYaml, readYaml, YamlNotOpen } from './read-yaml.ts'

it('says that its parser is not open, to whoever can open it', async () => {
  expect(() => readYaml('a: 1')).toThrow(YamlNotOpen)
  await openYaml()
  expect(textAt(readYaml('a: 1').documents[0], 'a')).toBe('1')
})

it('keeps the place of every value', () => {
  const text = 'a:\n  - b: "c"\n    d: 7\n'
  const { documents, problems } = readYaml(text)
  expect(problems).toEqual([])
  expect(entriesAt(documents[0]).map(([key]) => key)).toEqual(['a'])
  const [item] = itemsAt(documents[0], 'a')
  const value = nodeAt(item, 'b')
  expect(text.slice(value?.start, value?.end)).toBe('"c"')
  expect(textAt(item, 'd')).toBe('7')
})

it('reads JSON, several documents, anchors and merges', () => {
  expect(textAt(readYaml('{"a": {"b": [1, true]}}').documents[0], 'a', 'b')).toBeUndefined()
  const { documents } = readYaml('base: &b\n  x: 1\n  y: 2\nuse:\n  <<: *b\n  y: 3\nsame: *b\n---\nz: 1\n')
  expect([textAt(documents[0], 'use', 'x'), textAt(documents[0], 'use', 'y')]).toEqual(['1', '3'])
  expect(textAt(documents[0], 'same', 'y')).toBe('2')
  expect(textAt(documents[1], 'z')).toBe('1')
})

it.each([
  [
    'an alias bomb',
    `a0: &a0 [x]\n${Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`).join('\n')}\n`,
  ],
  ['an alias of itself', 'a: &a [*a, *a, *a]\n'],
  ['a million brackets', '['.repeat(1_000_000)],
  ['a line of dashes', `x:\n${'- '.repeat(100_000)}a\n`],
  ['deep indentation', Array.from({ length: 2_500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
])('ends quickly on %s', async (_name, text) => {
  expect(await workOf(() => readYaml(text))).toBeLessThan(250)
})

it('never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a:-[]{}&*!|>"\'#% \n\t?,<'), maxLength: 80 }), (text) => {
      readYaml(text)
    }),
    { numRuns: 500 },
  )
})
