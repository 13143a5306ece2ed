import { expect, it } from 'vitest'
import { workOf } from '../../../test/support/work-of.ts'
import { loadKinds } from '../../keys/load-kinds.ts'
import { languages } from '../languages/languages.ts'
import { openSecretFinder } from '../literals/find-secrets.ts'
import { sourceMasker } from '../mask-source.ts'
import type { Model } from '../model.ts'
import { table as modelTable } from '../models/index.ts'
import { secretNames } from '../secret-name.ts'
import { sourceFile } from '../source-file.ts'
import { follow } from './follow.ts'
import { indexProgram } from './program.ts'

const kinds = await loadKinds()
const models: Model[] = await Promise.all(modelTable.map(({ load }) => load()))
const isSecretName = secretNames(kinds)
const mask = sourceMasker(kinds, isSecretName, openSecretFinder(kinds, 0))
const ruby = languages.find(({ id }) => id === 'ruby')
if (!ruby) throw new Error('no Ruby')
const parser = await ruby.open()

function followed(text: string) {
  const path = 'app.rb'
  const source = sourceFile(path, text, mask)
  const form = parser.parse(text, path).program
  const survey = parser.survey(text, path)
  const file = {
    path,
    survey,
    holdsKey: false,
    isTemplate: false,
    isAbout: () => true,
    source: () => source,
    form: () => form,
  }
  const { flows, gaps } = follow(indexProgram([file], models), models, { kinds, isSecretName })
  return { lines: flows.map((flow) => `${flow.file.place(flow.start, flow.start).line} ${flow.sink}`), gaps }
}

/** `count` texts, made from their numbers. */
function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}

const key = 'ENV["API_KEY"]'
const told = /more ways through it than|larger than what is followed|nested too deeply|through more calls than/

/** What each would take without a bound is more than a second can do, or than memory can hold. */
const hostile: readonly (readonly [title: string, text: string])[] = [
  ['10,000 branches', `k = ${key}\n${lines(10_000, (i) => `k = k + "${i}" if rand > ${i}`)}\nputs k`],
  [
    '10,000 arms of one branch',
    `k = ${key}\nv = case rand\n${lines(10_000, (i) => `when ${i} then k + "${i}"`)}\nend\nputs v`,
  ],
  [
    '20,000 arms that each write a variable',
    `k = ${key}\nif a\n${lines(20_000, (i) => `elsif b\n  v${i} = k`)}\nend\nputs v1`,
  ],
  [
    '5,000 functions that call each other',
    `${lines(5_000, (i) => `def f${i}(k)\n  f${(i + 1) % 5_000}(k)\n  f${(i * 7 + 3) % 5_000}(k)\nend`)}\nf0(${key})\nputs ${key}`,
  ],
  [
    'a chain of 3,000 calls',
    `${lines(3_000, (i) => `def f${i}(k) = f${i + 1}(k)`)}\ndef f3000(k) = puts(k)\nf0(${key})`,
  ],
  ['a class of 20,000 functions', `class A\n${lines(20_000, (i) => `  def f${i} = @k${i}`)}\nend\nputs ${key}`],
  [
    'a function of 10,000 variables',
    `def f\n${lines(10_000, (i) => `  v${i} = ${i === 0 ? key : `v${i - 1}`}`)}\n  puts v9999\nend`,
  ],
  [
    'a value that holds 5,000 keys',
    `h = {}\n${lines(5_000, (i) => `h["k${i}"] = ENV["API_KEY_${i}"]`)}\nputs h\n${lines(500, () => 'h = h.merge(h)')}`,
  ],
  ['a constant that is written 50,000 times', `${lines(50_000, (i) => `K = "${i}"`)}\nK = ${key}\nputs K`],
  ['blocks in blocks that are handed on', `def w\n  yield\nend\n${'w { '.repeat(60)}puts ${key}${' }'.repeat(60)}`],
  [
    'a function that calls itself in every way',
    `def f(a, b, c)\n  puts a\n${lines(300, (i) => `  f(${['a', 'b', 'c'][i % 3]} + "${i}", b, ${i % 2 ? 'a' : 'c'})`)}\nend\nf(${key}, ENV["TOKEN_SECRET"], 1)`,
  ],
  [
    'cells that fill each other',
    lines(2_000, (i) => `$g${i} = $g${(i + 1) % 2_000}\n$g${i} = ${key} if rand > ${i}\nputs $g${i}`),
  ],
]

it.each(hostile)('comes to an end with %s', async (_title, text) => {
  let found: readonly string[] = []
  let gaps: readonly string[] = []
  const work = await workOf(() => {
    ;({ lines: found, gaps } = followed(text))
  })
  expect(work).toBeLessThan(500)
  expect(found.length > 0 || gaps.some((gap) => told.test(gap))).toBe(true)
})
