import { expect, it } from 'vitest'
import { textAt } from './configuration/node.ts'
import { readYaml } from './configuration/read-yaml.ts'
import { runSteps, type Step, withoutWatch } from './run-steps.ts'

const step = (name: string, run: Step<string>['run'] = () => name): Step<string> => ({ name, run })

async function outcome(steps: readonly Step<string>[], withinTime = withoutWatch) {
  const gaps: string[] = []
  return { results: await runSteps(steps, withinTime, (gap) => gaps.push(gap)), gaps }
}

it('does what is left when a step fails, and quotes nothing of what made it fail', async () => {
  const fails = step('b', (gap) => {
    gap('b: half of it')
    throw new TypeError('the text of a file')
  })
  const { results, gaps } = await outcome([step('a'), fails, step('c')])
  expect(results).toEqual(['a', 'c'])
  expect(gaps).toEqual(['b: half of it', expect.stringMatching(/^b: the scanner failed on it \(TypeError/)])
  expect(gaps.join('')).not.toContain('the text of a file')
})

it('does what is left when a step takes too long', async () => {
  let calls = 0
  // Stops the second step as the engine would: in its middle, without a word to it.
  const stopsSecond = (work: () => void) => {
    calls++
    try {
      work()
      return true
    } catch {
      return false
    }
  }
  const slow = step('b', () => {
    throw new Error('stopped')
  })
  const { results, gaps } = await outcome([step('a'), slow, step('c')], stopsSecond)
  expect(results).toEqual(['a', 'c'])
  expect(gaps).toEqual(['b: took more than 30 s, not looked at to the end'])
  expect(calls).toBe(2)
})

it('opens the parser for the first step that needs it, which then begins again', async () => {
  const reads = step('a', (gap) => {
    gap('a: told once')
    return textAt(readYaml('x: 1').documents[0], 'x') ?? ''
  })
  expect(await outcome([reads, step('b')])).toEqual({ results: ['1', 'b'], gaps: ['a: told once'] })
})
