import { expect, it } from 'vitest'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import { describeProblem, holdsKey, pathText, showerOf } from './problem.ts'

const kinds = await loadKinds()
const [first] = kinds
if (!first) throw new Error('there are no kinds')
/** Nothing of it looks random. */
const plain = { ...first, id: 'plain', shape: { prefixes: ['tok_'], pattern: /tok_[a-z]{8}/ } }

it.each([
  ['stripe-secret-kye', '"stripe-secret-kye"'],
  ['billing.internal', '"billing.internal"'],
  ['a\u001b[31mb', '"a\ufffd[31mb"'],
  ['x tok_abcdefgh y', '…(16 characters)'],
  ['Zm9vYmFyMTIzNDU2Nzg5', '…(20 characters)'],
  ['word '.repeat(30), '…(150 characters)'],
])('shows %j as %s', (text, shown) => expect(showerOf([plain])(text)).toBe(shown))

it('finds a key of every kind that has a shape within a longer text', () => {
  for (const kind of kinds.filter(({ shape }) => shape)) {
    expect(holdsKey(kinds, `file:${kind.example(randomText())} `)?.id).toBe(kind.id)
    expect(holdsKey(kinds, `${kind.shape?.prefixes[0]}and so on`)).toBeUndefined()
  }
})

it('names the kind of the whole key where a part of it has the shape of another kind', () => {
  const random = randomText()
  expect(holdsKey(kinds, `PMAK-${random.hex(22)}fc-${random.hex(34)}`)?.id).toBe('postman-api-key')
})

it('writes places as people do', () => {
  const show = showerOf(kinds)
  expect(pathText(['egress', 'routes', 0, 'paths', 1], show)).toBe('egress.routes[0].paths[1]')
  expect(pathText(['egress', 'hosts', 'a.test:8443', 'ca'], show)).toBe('egress.hosts["a.test:8443"].ca')
  const place = { file: 'sallyport.yaml', line: 12, column: 5, path: 'app.user', message: 'is wrong; do it' }
  expect(describeProblem(place)).toBe('sallyport.yaml:12:5 app.user: is wrong; do it')
  expect(describeProblem({ ...place, line: 0, path: '' })).toBe('sallyport.yaml: is wrong; do it')
})
