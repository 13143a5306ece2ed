import { expect, it } from 'vitest'
import { progressLine } from './progress-line.ts'

/** What a terminal is sent, at these times. */
function shown(times: readonly number[], { isTTY = true, TERM = 'xterm' } = {}): string[] {
  const sent: string[] = []
  const stderr = { write: (text: string) => void sent.push(text), isTTY, columns: 12 }
  let nowMs = 0
  const world = { process: { stdout: stderr, stderr }, environment: { TERM } }
  const line = progressLine(world, () => nowMs)
  for (const time of times) {
    nowMs = time
    line.show(() => `at ${time} of so many`)
  }
  line.end()
  return sent
}

it('shows a line ten times a second, as wide as the terminal, and takes it away', () => {
  expect(shown([0, 50, 100, 101, 199, 200, 350])).toEqual([
    '\r\u001b[Kat 100 of s',
    '\r\u001b[Kat 200 of s',
    '\r\u001b[Kat 350 of s',
    '\r\u001b[K',
  ])
})

it.each([
  ['what is over at once', [0, 99], {}],
  ['what is no terminal', [100, 500], { isTTY: false }],
  ['a terminal that knows no control characters', [100, 500], { TERM: 'dumb' }],
])('shows nothing of %s', (_what, times, terminal) => {
  expect(shown(times, terminal)).toEqual([])
})
