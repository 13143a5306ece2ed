import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadCatalogue } from './catalogue.ts'
import { contentOf } from './content.ts'
import { openParsers } from './open-parsers.ts'
import { openTree } from './open-tree.ts'
import { allTopics, topicsOf, topicWords } from './topics.ts'

const { finder, mask } = await loadCatalogue()

const upper = fc.constantFrom(...topicWords.map(({ word }) => word.toUpperCase()))

it('tells what a text is about while it is searched for secrets, and just so without', () => {
  const text = fc.array(fc.oneof(upper, fc.string({ maxLength: 8 })), { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (written) => {
      fc.pre(!written.includes('\0'))
      const bytes = Buffer.from(written)
      expect(finder.examine(bytes, 'a.rb').topics).toBe(topicsOf(bytes))
    }),
  )
})

it('holds of what nobody can search as text that it may be about anything', () => {
  expect(finder.examine(Buffer.from('a\0b\0\0c'), 'a.rb').topics).toBe(allTopics)
})

it('reads no file again for what examining it has told', () => {
  const read: string[] = []
  const references = new Map(['a.rb', 'b.rb'].map((path) => [path, { path, at: path }] as const))
  const reader = {
    content: ({ path }: { readonly path: string }) => {
      read.push(path)
      return contentOf(Buffer.from('WEBrick::HTTPServer'), undefined)
    },
    windows: () => [],
  }
  const known = new Map([['a.rb', { mode: undefined, topics: 0 }]])
  const tree = openTree(references, known, reader, mask, openParsers())
  expect([tree.isAbout('a.rb', 'webrick'), tree.isAbout('b.rb', 'webrick'), read]).toEqual([false, true, ['b.rb']])
})
