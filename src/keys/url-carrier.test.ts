import { expect, it } from 'vitest'
import { urlCarrier } from './url-carrier.ts'

const phantom = Buffer.from('https://hooks.example.com/services/T0/B0/phantom')
const find = (target: string) => urlCarrier.find(Buffer.from(target), phantom)

it.each(['', '?wait=true', '/messages/1'])('finds the path of the phantom with %j behind it', (rest) => {
  expect(find(`/services/T0/B0/phantom${rest}`)).toEqual([{ start: 0, end: 23 }])
})

it.each([
  ['longer', '/services/T0/B0/phantoms'],
  ['another', '/services/T0/B0/other-7'],
  ['shorter', '/services/T0/B0/phanto'],
  ['behind another', '/x/services/T0/B0/phantom'],
  ['in the query', '/?u=/services/T0/B0/phantom'],
  ['none', '/'],
])('finds nothing in a path that is %s', (_case, target) => expect(find(target)).toEqual([]))

it.each(['https://hooks.example.com', 'phantom', 'https:/x', ''])('finds nothing where the phantom is %j', (text) => {
  expect(urlCarrier.find(Buffer.from('/services'), Buffer.from(text))).toEqual([])
})

it('writes the path of the key and nothing of its host', () => {
  const key = Buffer.from('https://hooks.example.com/services/T1/B1/real?x=1')
  const into = Buffer.alloc(urlCarrier.lengthMax(key.length) + 2, 0x2e)
  const end = urlCarrier.write(into, 2, key)
  expect(into.toString('latin1', 2, end)).toBe('/services/T1/B1/real?x=1')
  expect(into.subarray(end).every((byte) => byte === 0x2e)).toBe(true)
})
