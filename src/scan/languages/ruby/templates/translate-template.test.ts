import { describe, expect, it } from 'vitest'
import { workOf } from '../../../../../test/support/work-of.ts'
import { walk } from '../../../form.ts'
import { openRubyParser } from '../ruby-parser.ts'

const parser = openRubyParser()

/** What is a part of the text, as the template has it: line, column and what gives it. */
function outputs(text: string, path: string): string[] {
  const { program } = parser.parse(text, path)
  const found: string[] = []
  if (program)
    walk(program, (expression) => {
      if (expression.kind !== 'call' || expression.name !== 'output') return
      const [value] = expression.args
      if (!value) return
      const before = text.slice(0, value.start).split('\n')
      found.push(`${before.length}:${(before.at(-1) ?? '').length + 1} ${text.slice(value.start, value.end)}`)
    })
  return found
}

const problemsOf = (text: string, path: string) => parser.parse(text, path).problems.map(({ message }) => message)

describe.each([
  [
    'a.html.erb',
    '<h1>é <%= @title %></h1>\n<% if a -%>\n <%== ENV["X"] # hi %>\n<%- else %>no <%% x %> <%%= y %>\n<% end %>\n<%= form_for @x do |f| %><%= f.a -%>\n<% end %>\n% x = 1\n<%# c %> 100%\n<%= "%%>" %>',
    ['1:11 @title', '3:7 ENV["X"]', '6:5 form_for @x do |f| %><%= f.a -%>\n<% end', '6:30 f.a', '10:5 "%%>"'],
  ],
  [
    'a.haml',
    [
      '%html',
      '  %title= @title',
      '  :javascript',
      '    var key = "#{ENV["K"]}";',
      '  %body.a#b{class: foo(1),',
      '      data: {k: @k}}(href=@u title="x #{y}")',
      '    - if @a',
      '      %p Hello #{name} \\#{no}',
      '    - elsif @b',
      '      = link_to "x",',
      '        @url',
      '    - else',
      '      != raw',
      '    - @items.each do |i|',
      '      %li&= i',
      '    -# hidden #{nope}',
      '      = nope',
      '    - case @k',
      '    - when 1',
      '      = one',
      '    = form_for @f do |f|',
      '      = f.z',
      '  :ruby',
      '    z = 1',
      '  :erb',
      '    <%= z %>',
    ].join('\n'),
    [
      '2:11 @title',
      '4:18 ENV["K"]',
      '5:12 {class: foo(1),\n      data: {k: @k}}',
      '6:27 @u',
      '6:41 y',
      '8:18 name',
      '10:9 link_to "x",\n        @url',
      '13:10 raw',
      '15:13 i',
      '20:9 one',
      '21:7 form_for @f do |f|\n      = f.z\n  ',
      '22:9 f.z',
      '26:9 z',
    ],
  ],
  [
    'a.slim',
    [
      'doctype html',
      'html',
      '  title = @title',
      '  javascript:',
      '    var a = "#{key}";',
      '  body class=cls id="a #{b}" data-x=foo(1, 2) *opts',
      '    / comment = nope',
      '      = nope',
      '    - if a',
      '      p Hello #{name}',
      '    - else',
      '      == raw',
      '    - items.each do |i|',
      '      li.x#y = i',
      '    | text #{t}',
      '      more #{u}',
      '    a[href=@url] link',
      '    li: a href=x = y',
      '    ruby:',
      '      z = 1',
      '    = form_for @f do |f|',
      '      = f.z',
    ].join('\n'),
    [
      '3:11 @title',
      '5:16 key',
      '6:14 cls',
      '6:26 b',
      '6:37 foo(1, 2)',
      '6:48 opts',
      '10:17 name',
      '12:10 raw',
      '14:16 i',
      '15:14 t',
      '16:14 u',
      '17:12 @url',
      '18:16 x',
      '18:20 y',
      '21:7 form_for @f do |f|\n      = f.z',
      '22:9 f.z',
    ],
  ],
])('%s', (path, text, expected) => {
  it('gives what is a part of the text, where the template has it', () => {
    expect(outputs(text, path)).toEqual(expected)
    expect(problemsOf(text, path)).toEqual([])
  })

  it('is surveyed too', () => {
    expect(parser.survey(text, path).mentions.split('\n')).toContain('output')
  })
})

it.each([
  ['a.erb', '<p><%= a', 'a tag that is not closed'],
  ['a.haml', '%p{a: 1\n= ENV', 'attributes that are not closed'],
])('tells what is broken in %s', (path, text, message) => {
  expect(problemsOf(text, path)).toContain(message)
})

it.each(
  (
    [
      ['a.erb', '<%= a %>'.repeat(40_000)],
      ['a.erb', '<%'.repeat(40_000)],
      ['a.haml', '%p{'.repeat(10_000)],
      ['a.haml', '%p{\n'.repeat(10_000)],
      ['a.haml', '#{'.repeat(20_000)],
      ['a.haml', '- if a\n'.repeat(10_000)],
      ['a.slim', 'p a="#{'.repeat(10_000)],
      ['a.slim', 'p[\n'.repeat(10_000)],
      ['a.slim', 'li: '.repeat(10_000)],
    ] as const
  ).map(([path, text]) => [path, text.slice(0, 12), text] as const),
)('ends quickly on a large or broken %s: %j', async (path, _start, text) => {
  const work = await workOf(() => {
    parser.parse(text, path)
    parser.survey(text, path)
  })
  expect(work).toBeLessThan(250)
})
