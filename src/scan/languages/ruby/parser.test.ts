import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workOf } from '../../../../test/support/work-of.ts'
import { limits } from '../../../limits.ts'
import { walk } from '../../form.ts'
import { openRubyParser } from './ruby-parser.ts'

const parser = openRubyParser()

/** Ends with what the file holds understood; problems by their messages. */
function read(text: string, path = 'a.rb') {
  const { program, problems } = parser.parse(text, path)
  const survey = parser.survey(text, path)
  const names = new Set(survey.mentions.split('\n'))
  let depth = 0
  if (program)
    walk(program, (_expression, enclosing) => {
      depth = Math.max(depth, enclosing.length)
    })
  return { program, names, depth, messages: problems.map(({ message }) => message) }
}

describe('a text that is large or deep', () => {
  /** Of what `workOf` counts in. */
  const workMax = 250

  it.each([
    ['a chain of calls', `ENV${'.b'.repeat(20_000)}\nlast_call`],
    ['a sum', `x = ENV${' + b'.repeat(20_000)}\nlast_call`],
    ['a chain of or', `x = ENV${' || b'.repeat(4_000)}\nlast_call`],
    ['elsif', `if a\n1\n${'elsif b\nENV\n'.repeat(5_000)}end\nlast_call`],
    ['when', `case a\n${'when b then ENV\n'.repeat(5_000)}end\nlast_call`],
    ['rescue', `begin\na\n${'rescue E then ENV\n'.repeat(5_000)}end\nlast_call`],
    ['a list', `x = [${'ENV, '.repeat(50_000)}]\nlast_call`],
    ['a dictionary', `x = {${'a: ENV, '.repeat(50_000)}}\nlast_call`],
    ['texts side by side', `x = ${'"a" '.repeat(20_000)}"#{ENV}"\nlast_call`],
    ['a path of constants', `ENV${'::B'.repeat(20_000)}\nlast_call`],
    ['functions', `${'def a(b) = ENV\n'.repeat(20_000)}last_call`],
  ])('is read whole: %s', async (_name, text) => {
    const { names, messages, depth } = read(text)
    expect(messages).toEqual([])
    expect(names).toContain('last_call')
    expect(depth).toBeLessThan(2 * limits.rubyDepthMax)
    expect(await workOf(() => read(text))).toBeLessThan(workMax)
  })

  it.each([
    ['brackets', `first_call\n${'['.repeat(1_000)}ENV${']'.repeat(1_000)}\nlast_call`],
    ['dictionaries', `first_call\nx = ${'{a: '.repeat(1_000)}ENV${'}'.repeat(1_000)}\nlast_call`],
    ['parentheses', `first_call\n${'('.repeat(1_000)}ENV${')'.repeat(1_000)}\nlast_call`],
    ['interpolations', `first_call\nx = ${'"#{'.repeat(500)}ENV${'}"'.repeat(500)}\nlast_call`],
    ['commands', `first_call\n${'a '.repeat(390)}ENV\nlast_call`],
    ['blocks', `first_call\n${'a do\n'.repeat(500)}ENV\n${'end\n'.repeat(500)}last_call`],
  ])('loses only what is nested too deeply: %s', async (_name, text) => {
    const { names, messages, depth } = read(text)
    expect(messages).toEqual([expect.stringContaining('levels deep')])
    expect(names).toContain('first_call')
    expect(names).toContain('last_call')
    expect(names).not.toContain('ENV')
    expect(depth).toBeLessThan(2 * limits.rubyDepthMax)
    expect(await workOf(() => read(text))).toBeLessThan(workMax)
  })

  it.each([
    ['parentheses', '('.repeat(10_000)],
    ['closed parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['blocks', 'a do\n'.repeat(10_000)],
    ['interpolations', '"#{'.repeat(10_000)],
    ['dictionaries', '{a: '.repeat(10_000)],
    ['assignments', 'a = '.repeat(10_000)],
  ])('ends the parser’s stack and is told: %s; the next text is read as ever', (_name, text) => {
    const { program, messages } = read(text)
    if (!program) expect(messages).toEqual(['nested too deeply'])
    expect(read('x = {a: [ENV]}\nlast_call').names).toContain('last_call')
  })

  it.each([
    ['in one line', (count: number) => `x = a${' && b'.repeat(count)}`],
    ['in many', (count: number) => `x = a ||\n${'  b ||\n'.repeat(count)}  c`],
    ['in words', (count: number) => `x if a${' and b or c'.repeat(count / 2)}`],
  ])('is not given to the parser with more tests in a row than it reads in time, and told: %s', (_name, text) => {
    expect(read(text(limits.rubyChainMax + 10))).toMatchObject({
      program: undefined,
      messages: [`more than ${limits.rubyChainMax} tests in a row`],
    })
    expect(read(text(limits.rubyChainMax - 10)).messages).toEqual([])
    expect(read(`${'x = a && b\n\n'.repeat(limits.rubyChainMax + 10)}last_call`).names).toContain('last_call')
    expect(read(`${'x ||= a\n'.repeat(limits.rubyChainMax + 10)}last_call`).names).toContain('last_call')
  })

  it('does not write over the parser’s tables', () => {
    const before = parser.parse('%w[é b] + "c".encode(:x)', 'a.rb')
    read(`x = ${'{a: '.repeat(300)}1${'}'.repeat(300)}`)
    expect(parser.parse('%w[é b] + "c".encode(:x)', 'a.rb')).toEqual(before)
    expect(read(`x = ${'{a: '.repeat(190)}ENV${'}'.repeat(190)}`).names).toContain('ENV')
  })
})

describe('what a file may hold', () => {
  it.each([
    ['a byte order mark', '\ufeffENV'],
    ['line ends of Windows', 'a\r\nENV\r\n'],
    ['a magic comment of another encoding', '# encoding: euc-jp\nx = "é日本"\nENV'],
    ['an encoding that is none', '# -*- coding: nonsense -*-\nENV'],
    ['what could not be decoded', 'x = "\ufffd\ud800"\nENV'],
    ['=begin and __END__', '=begin\nif\n=end\nENV\n__END__\nif ( ['],
    ['a shebang', '#!/usr/bin/env ruby -w\nENV'],
    ['several heredocs in a line', 'f(<<A, <<~"B")\n#{x}\nA\n  #{ENV}\nB\n'],
    ['Ruby 1.8', "h = {:a => 1, 'b' => ENV}\nputs(h) if h and not h.nil?"],
    ['the newest Ruby', 'def f(x) = x in {a: [Integer => b, *]}\nf(ENV) { it }\nf(**nil)'],
    ['a top level yield, return and next', 'yield ENV\nreturn\nnext'],
  ])('%s', (_name, text) => {
    const { names, messages } = read(text)
    expect(names).toContain('ENV')
    if (!_name.startsWith('an encoding')) expect(messages).toEqual([])
  })

  it('places what stands behind letters of several bytes', () => {
    const text = 'x = "é\u{1f511}"; ENV\n'
    const { program } = parser.parse(text, 'a.rb')
    const found: string[] = []
    if (program) walk(program, ({ kind, start, end }) => kind === 'read' && found.push(text.slice(start, end)))
    expect(found).toEqual(['ENV'])
  })

  it('uses what could be understood beside a mistake, and places the mistake', () => {
    const text = 'a = ENV\nb = )\nd = @e\n'
    const { problems } = parser.parse(text, 'a.rb')
    expect(problems.length).toBeGreaterThan(0)
    for (const { start } of problems) expect(start).toBeLessThanOrEqual(text.length)
    expect(read(text).names).toContain('ENV')
    expect(read(text).names).toContain('@e')
  })

  it('tells of the first mistakes where a text is nothing else', () => {
    expect(read(`ENV\n${'*'.repeat(100_000)}`).messages).toHaveLength(limits.rubyProblemsMax)
  })

  it('stops at a NUL byte as Ruby does, or reads on, and never throws', () => {
    expect(read('ENV\n\0if (').names).toContain('ENV')
  })

  it.each(['a.rb', 'a.erb', 'a.haml', 'a.slim'])('never makes %s throw or take long', (path) => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '<%',
        '%>',
        '=',
        '-',
        '#{',
        '}',
        '"',
        '\n',
        '  ',
        '%p',
        '{',
        '(',
        '|',
        ':ruby',
        'do |x|',
        'end',
        'é',
        '\\',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('')
        const { program } = parser.parse(text, path)
        parser.survey(text, path)
        if (program)
          walk(program, ({ start, end }) => {
            if (!(start >= 0 && start <= end && end <= text.length)) throw new Error(`${start} to ${end}`)
          })
      }),
      { numRuns: 500 },
    )
  })
})
