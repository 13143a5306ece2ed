import fc from 'fast-check'
import { expect, it } from 'vitest'
import { provocationsOf } from './provocations.ts'

it('asks for the route itself first, as curl, as a browser and as a program', () => {
  const [curl, browser, program] = provocationsOf('/convert?q=x')
  expect([curl, browser, program].map((request) => request?.target)).toEqual(Array(3).fill('/convert?q=x'))
  expect(new Set([curl, browser, program].map((request) => request?.fields?.join())).size).toBe(3)
})

it.each([
  ['/convert?q=x&to=eur', '/convert?to=eur&q=%C3%A9'],
  ['/convert?q=x&to=eur', '/convert?q=x&to=%C3%A9'],
  ['/convert?q=x', '/convert?q=\u00c3\u00a9'],
  ['/convert?q=x', '/convert?q[]=1'],
  ['/convert?q=x', '/convert'],
  ['/', '/?q=%C3%A9'],
  ['/charges/42', '/charges/%C3%A9'],
])('provokes %s with %s', (route, target) => {
  expect(provocationsOf(route).map((request) => request.target)).toContain(target)
})

it('sends nothing but GET, and nothing that would end the request line', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
      for (const { method, target } of provocationsOf(`/${path}?${query}`)) {
        expect(method).toBe('GET')
        expect(target).toMatch(/^\/[^\s#]*$/)
      }
    }),
  )
})
