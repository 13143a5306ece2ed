import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { failureOf } from './failure-of.ts'

it('says where the scanner failed, and nothing of a message that quotes what was read', () => {
  const canary = randomBytes(16).toString('hex')
  function reads(): never {
    throw new SyntaxError(`Unexpected token at ${canary}\n    at ${canary} (x.js:1:1)`)
  }
  let failure = ''
  try {
    reads()
  } catch (error) {
    failure = failureOf(error)
  }
  expect(failure).toBe('the scanner failed on it (SyntaxError in reads); please report it')
})
