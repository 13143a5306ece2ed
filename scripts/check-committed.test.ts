import { expect, it } from 'vitest'
import { loadKinds } from '../src/keys/load-kinds.ts'
import { randomText } from '../src/keys/random.ts'
import { committedProblems } from './check-committed.ts'

const kinds = await loadKinds()
const problems = (text: string, file = 'src/app.ts') => committedProblems(text, kinds, '/srv/checkout', file)

it.each(kinds.filter(({ shape }) => shape).map((kind) => [kind.id, kind] as const))(
  'finds a %s, and does not quote it',
  (_id, kind) => {
    const key = kind.example(randomText())
    const [problem, ...others] = problems(`a\nb = "${key}"\n`)
    expect(problem).toEqual({ line: 2, problem: `has the shape of a ${kind.title}; generate it at run time` })
    expect(others).toEqual([])
  },
)

// In two parts, so that this file does not hold what it looks for.
it.each([
  ['/ro', 'ot/.ssh'],
  ['cd /wo', 'rk/x'],
  ['/srv/check', 'out/src'],
  ['https://registry.npm', 'js.org/zod'],
  ['deb.deb', 'ian.org'],
])('finds %s%s', (first, second) => expect(problems(first + second)).toHaveLength(1))

it('lets a key kind name the registry that its keys are for', () => {
  expect(problems('https://registry.npm' + 'js.org', 'src/keys/kinds/npm-access-token.ts')).toEqual([])
  expect(problems('https://registry.npm' + 'js.org', 'src/keys/kinds/../index.ts')).toHaveLength(1)
})

it.each([
  'sk_live_…',
  `sk_live_${'x'.repeat(30)}`,
  'postgres://app:app@db/app',
  '/run/secrets/vault',
  '../root/x',
  './work/x',
  'an unworked /rooted/ path',
])('lets %s be', (text) => expect(problems(text)).toEqual([]))
