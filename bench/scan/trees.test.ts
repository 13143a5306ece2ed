import { expect, it } from 'vitest'
import { allTrees, askedTrees } from './trees.ts'

it('takes the trees that are asked for, in the sizes that are', () => {
  expect(askedTrees('seed,ruby:1000,text').map(({ name, size }) => [name, size])).toEqual([
    ['seed', 1],
    ['ruby:1000', 1000],
    ['text', 190],
  ])
})

it('has an aim for every tree that is measured unless told otherwise', () => {
  for (const { kind, size } of askedTrees(allTrees)) expect(kind.wallMsMax(size)).toBeGreaterThan(0)
})

it.each(['', 'rust', 'ruby:0', 'ruby:-1', 'ruby:1e9', 'toString', 'seed:'])('says of %j what it could be', (text) => {
  expect(() => askedTrees(text)).toThrow('seed, ruby:FILES')
})
