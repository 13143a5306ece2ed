import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CarrierDoor, openCarrierDoor } from '../support/carrier-door.ts'

let door: CarrierDoor
beforeAll(async () => {
  door = await openCarrierDoor({ cookie: '{ cookie: session }' })
})
afterAll(() => door?.stop())

/** The field `name` of what the upstream saw. */
const fieldOf = (fields: readonly string[] = [], name: string) => fields[fields.indexOf(name) + 1]

describe('a cookie', () => {
  it('arrives with the key, beside the others', async () => {
    const { answer, seen } = await door.ask('cookie', 'GET /a', {
      Cookie: `a=1; session="${door.phantom('cookie')}"; b=2`,
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(fieldOf(seen?.fields, 'Cookie')).toBe(`a=1; session="${door.keys.cookie}"; b=2`)
  })

  it.each(['session={}; session=other', 'other={}', 'session={}x'])(
    'does not leave where the phantom is not the one cookie: %s',
    async (value) => {
      const { answer, seen } = await door.ask('cookie', 'GET /a', {
        Cookie: value.replace('{}', door.phantom('cookie')),
      })
      expect(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*"code":"PHANTOM_MISPLACED"/)
      expect(seen).toBeUndefined()
    },
  )
})
