import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type * as prism from '@ruby/prism/src/nodes.js'
import { parsePrism } from '@ruby/prism/src/parsePrism.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { limits } from '../../../limits.ts'
import { walk } from '../../form.ts'
import type { Survey } from '../../language.ts'
import { surveyOf } from '../../survey.ts'
import { types } from './nodes/index.ts'
import { openParser } from './parser.ts'
import { loadPrism } from './prism-module.ts'
import { openRubyParser } from './ruby-parser.ts'
import { outlineOf } from './walk-tree.ts'

/** The libraries as they are installed, and what they load of Ruby's own. */
const files = execFileSync('ruby', [
  '-e',
  `%w[sinatra/base rack puma thin].each { |name| require name }
   $LOADED_FEATURES.grep(%r{/(?:sinatra/base|rack|puma|thin)\\.rb$}).each do |file|
     puts Dir.glob(File.join(File.dirname(file).sub(%r{/sinatra$}, ''), '{sinatra,rack,puma,thin}', '**', '*.rb'))
   end
   puts $LOADED_FEATURES.grep(/\\.rb$/)`,
])
  .toString()
  .split('\n')
  .filter((path, index, all) => path.startsWith('/') && all.indexOf(path) === index)

const parser = openRubyParser()
const parse = openParser()

/** Without the order in which things are found. */
function inOrder(survey: Survey) {
  const lines = (text: string) => text.split('\n').sort()
  return {
    ...survey,
    scopes: survey.scopes.map((scope) => JSON.stringify({ ...scope, mixins: [...scope.mixins].sort() })).sort(),
    methods: survey.methods.map(({ name, owner, on, start }) => `${start} ${owner} ${on} ${name}`).sort(),
    mentions: lines(survey.mentions),
    writes: lines(survey.writes),
    topBlocks: lines(survey.topBlocks),
    entries: lines(survey.entries),
    loads: [...survey.loads].sort(),
  }
}

it('surveys real libraries as their form is surveyed, with every place inside the text', () => {
  expect(files.length).toBeGreaterThan(200)
  for (const path of files) {
    const text = readFileSync(path, 'utf8')
    const parsed = parser.parse(text, path)
    expect(parsed.program, path).toBeDefined()
    const params = new Map<string, number>()
    if (parsed.program)
      walk(parsed.program, (expression) => {
        const { start, end } = expression
        if (!(start >= 0 && start <= end && end <= text.length)) expect.fail(`${path}: ${start} to ${end}`)
        if (expression.kind === 'define')
          params.set(`${expression.closure.start} ${expression.name}`, expression.closure.params.length)
      })
    const survey = parser.survey(text, path)
    expect(inOrder(survey), path).toEqual(inOrder(surveyOf(parsed)))
    for (const { start, name, params: told } of survey.methods)
      if (told !== undefined) expect(told, `${path} ${name}`).toBe(params.get(`${start} ${name}`))
  }
})

it('reads from memory the nodes that the package’s own decoder gives', () => {
  const exports = loadPrism()()
  const names = new Map(Object.entries<number>(types).map(([name, number]) => [number, `${name}Node`]))
  for (const path of files.slice(0, 120)) {
    const text = readFileSync(path, 'utf8')
    const { value } = parsePrism(exports as never, text, { encoding: false })
    const { tree } = parse(text)
    if (!tree) throw new Error(path)
    const own = [...outlineOf(tree).order].map((node) => {
      const [start = 0, end = 0] = [tree.words[node + 2], tree.words[node + 3]]
      const first = tree.words[tree.root + 2] ?? 0
      return `${names.get((tree.words[node] ?? 0) & 0xffff)} ${start - first} ${end - start}`
    })
    const first = value.location.startOffset
    const theirs = nodesOf(value).map(
      (node) => `${node.constructor.name} ${node.location.startOffset - first} ${node.location.length}`,
    )
    expect(own.sort(), path).toEqual(theirs.sort())
  }
})

function nodesOf(root: prism.Node): prism.Node[] {
  const found: prism.Node[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (Array.isArray(value)) waiting.push(...value)
    else if (typeof value === 'object' && value !== null && 'nodeID' in value) {
      found.push(value as prism.Node)
      waiting.push(...Object.values(value))
    }
  }
  return found
}

it('surveys any text that is Ruby as its form is surveyed', () => {
  const piece = fc.constantFrom(
    ...['a', 'B', '@c', '$d', ':e', '"f#{', '}"', '(', ')', '[', ']', '{', '}', ' ', '\n', ';', ',', '.', '&.', '::'],
    ...[
      'def ',
      'class ',
      '<< self',
      'module ',
      'end',
      'do |x|',
      'if ',
      'elsif ',
      'else',
      'case ',
      'in ',
      'when ',
      '=> ',
    ],
    ...[
      '||= ',
      '+= ',
      '= ',
      '*',
      '**',
      '&',
      '&:g',
      '...',
      'raise ',
      'E.new(',
      'attr_accessor ',
      'alias ',
      'super',
      'yield',
    ],
    ...[
      'define_method(:h) ',
      'private ',
      'include M',
      'require "r"',
      'Struct.new(:s) ',
      'Class.new(P) ',
      '=~ /x/',
      '`',
      '?',
    ],
    ...[
      'rescue => ',
      'ensure',
      'begin',
      'while ',
      'for i in ',
      'undef ',
      'BEGIN { ',
      '__FILE__',
      '%w[',
      '<<~H\n',
      'H\n',
      'é',
    ],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      const parsed = parser.parse(text, 'a.rb')
      const survey = parser.survey(text, 'a.rb')
      if (parsed.problems.length === 0) expect(inOrder(survey)).toEqual(inOrder(surveyOf(parsed)))
    }),
    {
      numRuns: 3_000,
      examples: [
        [['a', 'rescue => ', 'a', ':e']],
        [['include M', '+= ', ':e']],
        [['alias ', 'class ', 'super']],
        [['raise ', '*', 'Struct.new(:s) ']],
      ],
    },
  )
})

it('takes a constant of very many parts for none that is known: each of its beginnings is asked for', () => {
  const path = (parts: number) => parser.survey(`puts A${'::B'.repeat(parts - 1)}`, 'a.rb').mentions.split('\n')
  expect(path(limits.rubyNamePartsMax)).toContain(`A${'::B'.repeat(limits.rubyNamePartsMax - 1)}`)
  expect(path(limits.rubyNamePartsMax + 1).filter((name) => name.includes('::'))).toEqual([])
})
