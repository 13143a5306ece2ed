import { expect, it } from 'vitest'
import { growingReferences } from './file-references.ts'

it('gives back each file as it was given, whatever stands before its path', () => {
  const files = [
    { path: 'a.rb', at: '/srv/app/a.rb' },
    { path: 'lib/b.rb', at: '/srv/app/lib/b.rb' },
    { path: 'other.rb', at: '/somewhere/else/other.rb' },
    // Of the same length as the one before, and another folder.
    { path: 'third.rb', at: '/somewhere/ELSE/third.rb' },
    { path: 'named.rb', at: '/srv/not-its-name' },
    { path: 'lib/c.rb', at: '/srv/app/lib/c.rb' },
    { path: String.raw`x\x80.rb`, at: Buffer.from('2f78802e7262', 'hex') },
  ]
  const references = growingReferences()
  for (const file of files) expect(references.add(file)).toBe(true)
  expect(references.add({ path: 'a.rb', at: '/second/a.rb' })).toBe(false)
  expect(references.size).toBe(files.length)
  expect([...references.keys()].map((path) => references.get(path))).toEqual(files)
  expect(references.get('not there')).toBeUndefined()
})
