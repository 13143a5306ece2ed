import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findTraces, loadTraces } from './find-traces.ts'
import { unescapeText } from './unescape.ts'

const traces = await loadTraces()

describe.each(traces.map((trace) => [trace.id, trace] as const))('%s', (_id, trace) => {
  it.each(trace.examples.shown)('is found in %j', (text) => {
    expect(findTraces([trace], text).map((found) => found.trace.id)).toEqual([trace.id])
  })

  it.each(trace.examples.clean)('is not found in %j', (text) => {
    expect(findTraces([trace], text)).toEqual([])
  })

  it('is found wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.constantFrom(...trace.examples.shown), (around, text) => {
        expect(findTraces([trace], `${around}\n${text}\n${around}`)).toHaveLength(1)
      }),
      { numRuns: 50 },
    )
  })

  it('takes time that grows with the text and not faster', () => {
    const hostile = [
      ':in `',
      'x:1:in `',
      '(eval:1:in `',
      '(eval)',
      '9',
      ':',
      'PATH=',
      'a.rb:',
      '&#x2F;',
      '\\u0027',
      '<ul class="traceback"',
      ' ',
      '/',
    ].map((bit) => bit.repeat(1_048_576 / bit.length))
    for (const text of hostile) {
      const start = performance.now()
      findTraces([trace], text)
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})

it('names the app’s place of a backtrace and nothing else of it', () => {
  const [found] = findTraces(traces, 'secret value here "/srv/app.rb:12:in `get\'"')
  expect(found?.hit.frame).toBe('/srv/app.rb:12')
})

it('undoes entities and escapes, and leaves alone what is neither', () => {
  expect(unescapeText('&#x2F;srv&#47;a&amp;b \\u0027\\/ &unknown; \\q &#99999999; &#x110000;')).toBe(
    "/srv/a&b '/ &unknown; \\q &#99999999; &#x110000;",
  )
})

it('undoes text of any kind without failing', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof unescapeText(text) === 'string'))
})
