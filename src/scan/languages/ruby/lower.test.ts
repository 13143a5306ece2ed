import { describe, expect, it } from 'vitest'
import type { Expression } from '../../form.ts'
import { lowerings } from './lower.ts'
import { children, types } from './nodes/index.ts'
import { ruby } from './ruby.ts'
import { openRubyParser } from './ruby-parser.ts'

const parser = openRubyParser()

/** The form as a short text, to be read beside the Ruby that it comes from. */
function told(expression: Expression | undefined): string {
  if (!expression) return '∅'
  const all = (list: readonly Expression[], by = ' ') => list.map(told).join(by)
  const block = (given: Expression | undefined) => (given ? ` &${told(given)}` : '')
  switch (expression.kind) {
    case 'text':
      return expression.symbol ? `:${expression.value}` : JSON.stringify(expression.value)
    case 'constant':
      return String(expression.value)
    case 'join':
      return `join(${all(expression.parts)})`
    case 'list':
      return `[${all(expression.items)}]`
    case 'table':
      return `{${expression.entries.map(({ key, value }) => `${key ? told(key) : '**'}=>${told(value)}`).join(' ')}}`
    case 'read':
      return expression.variable.name
    case 'write':
      return `${expression.variable.name}${expression.adds ? '+=' : '='}${told(expression.value)}`
    case 'spread':
      return `*${told(expression.value)}`
    case 'call': {
      const receiver = expression.receiver ? `${told(expression.receiver)}.` : ''
      return `${receiver}${expression.name}(${all(expression.args)}${block(expression.block)})`
    }
    case 'closure':
      return `|${expression.params.map(({ name, taken }) => (taken === 'position' ? name : `${taken}:${name}`)).join(' ')}|{${told(expression.body)}}`
    case 'define':
      return `def ${expression.on === 'scope' ? 'self.' : ''}${expression.name}${told(expression.closure)}`
    case 'scope':
      return `scope ${expression.name}${expression.parent === undefined ? '' : `<${expression.parent}`}{${told(expression.body)}}`
    case 'sequence':
      return all(expression.body, '; ')
    case 'branch':
      return `branch(${all(expression.tests)} ? ${all(expression.arms, ' : ')})`
    case 'loop':
      return `loop(${told(expression.test)} ? ${told(expression.body)})`
    case 'attempt':
      return `attempt(${told(expression.body)} ${expression.rescues.map(({ catches, variable, body }) => `rescue ${catches.join()}${variable ? `=>${variable.name}` : ''} ${told(body)}`).join(' ')}${expression.after.length > 0 ? ` after ${all(expression.after)}` : ''})`
    case 'throw':
      return `throw ${expression.error ?? '?'}(${all(expression.values)})`
    case 'leave':
      return `leave ${expression.from}(${told(expression.value)})`
    case 'other':
      return `other(${all(expression.parts)})`
  }
}

const formOf = (text: string, path = 'a.rb') => told(parser.parse(text, path).program)

it('lowers every node that the parser knows', () => {
  const without = Object.entries(types).filter(([, number]) => !lowerings[number])
  expect(without).toEqual([])
  expect(children).toHaveLength(Object.keys(types).length + 1)
})

describe('the form of', () => {
  it.each([
    // Literals.
    ['"a#{b}c"', 'join("a" b() "c")'],
    ['"a" "b#{c}"', 'join("a" join("b" c()))'],
    [':a', ':a'],
    [':"a#{b}"', 'join("a" b())'],
    ['%w[a b]', '["a" "b"]'],
    ['%i[a b]', '[:a :b]'],
    ['?c', '"c"'],
    ['<<~A\n  x\n    y #{z}\nA\n', 'join("x\\n" "  y " z() "\\n")'],
    ['[1, 2.5, 3r, 0x10, 12345678901234567890]', '[1 2.5 3 16 12345678901234567000]'],
    ['4i', '4'],
    ['`ls #{x}`', '`(join("ls " x()))'],
    ['%x{ls}', '`("ls")'],
    ['{x:, "y" => 1, **z}', '{:x=>x() "y"=>1 **=>z()}'],
    ['[*a, *[b, c]]', '[*a() b() c()]'],
    ['1..x', 'other(1 x())'],
    ['__FILE__', '""'],
    ['/a/', 'pattern'],
    // Variables.
    ['a = @b = @@c = $d = E = 1', 'a=@b=@@c=$d=E=1'],
    ['a ||= 1; @a &&= 2; $a += 3', 'a+=1; @a=branch(@a ? 2); $a+=$a.+(3)'],
    ['A::B ||= 1; ::C = 2; self::D', 'A::B+=1; C=2; D'],
    ['x.y ||= 1', '%0=x(); branch( ? %0.y() : %0.y=(1))'],
    ['@x.y += 1', '@x.y=(@x.y().+(1))'],
    ['@x[:k] ||= 1', 'branch( ? @x.[](:k) : @x.[]=(:k 1))'],
    ['@x[:k] += 1', '@x.[]=(:k @x.[](:k).+(1))'],
    ['a, (b, *c), d = 1, [2, 3, 4], 5', 'a=1; b=2; c=[3 4]; [2 3 4]; d=5; [1 [2 3 4] 5]'],
    ['a, *b, c = @l', 'a=@l.[](0); b=@l; c=@l.[](-1); @l'],
    ['a, b = f', '%7=f(); a=%7.[](0); b=%7.[](1); %7'],
    ['a.b, c[0] = 1, 2', 'a().b=(1); c().[]=(0 2); [1 2]'],
    ['alias $new $old', '$new+=$old'],
    // Patterns of texts.
    ['@a =~ /x/; $1; $~', '$~=@a; @a.=~(pattern); $~; $~'],
    ['/(?<n>x)/ =~ @a', '$~=@a; pattern.=~(@a); n=$~'],
    // Calls.
    ['a&.b(1, k: 2) { |x| x }', 'a().b(1 {:k=>2} &|x|{x})'],
    ['a.map(&:b)', 'a().map( &|%item|{%item.b()})'],
    ['a.map(&method(:b))', 'a().map( &|%item|{b(%item)})'],
    ['f { _1 + _2 }; g { it }', 'f( &|_1 _2|{_1.+(_2)}); g( &|it|{it})'],
    ['f { |(a, b), c| a }', 'f( &|%5 c|{a=%5.[](0); b=%5.[](1); %5; a})'],
    ['->(x) { x }; proc { 1 }; lambda { 2 }; Proc.new { 3 }', '|x|{x}; ||{1}; ||{2}; ||{3}'],
    ['def f(...) = g(1, ...)', 'def f|rest:* named rest:** block:&|{g(1 ** {**=>**} &&)}'],
    ['def f(*, **, &) = g(*, **, &)', 'def f|rest:* named rest:** block:&|{g(** {**=>**} &&)}'],
    ['def f(a, k:, &b) = super', 'def f|a name:k block:b|{super(a {:k=>k} &b)}'],
    ['def f(a) = super()', 'def f|a|{super()}'],
    ['!a; not b; a != b', 'a().!(); b().!(); a().!=(b())'],
    ['raise A::E, "m #{k}"', 'throw A::E(join("m " k()))'],
    [
      'raise E.new(k), cause: c; raise "m"; raise e; raise',
      'throw E(k()); throw RuntimeError("m"); throw ?(e()); throw ?()',
    ],
    // Definitions.
    ['class A::B < C; def initialize(x) = @x = x; end', 'scope A::B<C{def new|x|{@x=x}}'],
    ['class M < ActiveRecord::Migration[7.1]; end', 'scope M<ActiveRecord::Migration{null}'],
    ['class U < Sequel::Model(:users); end', 'scope U<Sequel::Model{null}'],
    [
      'class << self; def a = 1; private def b = 2; attr_reader :c; end',
      'def self.a||{1}; private(def self.b||{2}); def self.c||{@c}',
    ],
    ['def self.a = 1; def B.c = 2', 'def self.a||{1}; scope B{def self.c||{2}}'],
    ['attr_accessor :a', 'def a||{@a}; def a=|value|{@a=value}'],
    [
      'def a(x, k: 1) = x; alias b a; alias_method :c, :d',
      'def a|x name:k|{x}; def b|x name:k|{a(x {:k=>k})}; def c|rest:* block:&|{d(** &&)}',
    ],
    ['define_method(:a) { |x| x }', 'def a|x|{x}'],
    ['A = Class.new(B) { def c = 1 }', 'scope A<B{def c||{1}}'],
    ['A = Module.new do; X = 1; end', 'scope A{X=1}'],
    [
      'A = Struct.new(:k) do; def s = k; end',
      'scope A{def new|either:k|{@k=k}; def k||{@k}; def k=|value|{@k=value}; def to_h||{{:k=>@k}}; def to_a||{[@k]}; def deconstruct||{[@k]}; def to_s||{join(@k)}; def inspect||{join(@k)}; def []|name|{{:k=>@k}.[](name)}; def s||{k()}}',
    ],
    [
      'class A < Data.define(:k); end',
      'scope A{def new|either:k|{@k=k}; def k||{@k}; def to_h||{{:k=>@k}}; def to_a||{[@k]}; def deconstruct||{[@k]}; def to_s||{join(@k)}; def inspect||{join(@k)}; def []|name|{{:k=>@k}.[](name)}; null}',
    ],
    ['A = Struct.new(:k)', 'A=Struct.new(:k)'],
    ['undef a; defined?(b)', 'other(); other()'],
    // Control.
    ['if a then 1 elsif b then 2 else 3 end', 'branch(a() b() ? 1 : 2 : 3)'],
    ['1 unless a; b ? 1 : 2', 'branch(a().!() ? 1 : null); branch(b() ? 1 : 2)'],
    ['a && b || c', 'branch( ? branch(a() ? b()) : c())'],
    ['case a when 1, B then 2 else 3 end', '%5=a(); branch(other(1.===(%5) B.===(%5)) ? 2 : 3)'],
    ['while a do next 1; break 2; redo end', 'loop(a() ? leave block(1); leave loop(2); other())'],
    ['for k, v in @h do k end', 'loop(%0=@h.[](other()); k=%0.[](0); v=%0.[](1); %0 ? k)'],
    [
      'begin; a; rescue E, F => e; b; rescue; c; else d; ensure f; end',
      'attempt(a(); d() rescue E,F=>e b() rescue  c() after f())',
    ],
    ['a rescue b', 'attempt(a() rescue  b())'],
    ['return 1, 2', 'leave function([1 2])'],
    ['BEGIN { a }; END { b }', 'a(); b()'],
    ['a if (b)..(c)', 'branch(other(b() c()) ? a() : null)'],
    // Pattern matching.
    [
      '@a => {key:, o: [x, *y]}',
      'key=@a.deconstruct_keys().[](:key); x=@a.deconstruct_keys().[](:o).deconstruct().[](0); y=@a.deconstruct_keys().[](:o).deconstruct(); other(@a)',
    ],
    [
      'case @a; in {k: String => s} if s then s; in [1, z]; z; end',
      'branch(other(@a String s) other(1) ? s=@a.deconstruct_keys().[](:k); s : z=@a.deconstruct().[](1); z : null)',
    ],
    ['def_delegators :@a, :b', 'def b|rest:* block:&|{@a.b(** &&)}'],
    ['def_delegator :a, :b, :c', 'def c|rest:* block:&|{a().b(** &&)}'],
    [
      'delegate :a, :b, to: :c, prefix: true',
      'def c_a|rest:* block:&|{c().a(** &&)}; def c_b|rest:* block:&|{c().b(** &&)}',
    ],
    ['delegate a, to: :c', 'delegate(a() {:to=>:c})'],
    ['each { |a; b| b = a }', 'each( &|a nothing:b|{b=a})'],
    ['class_methods do; def a = 1; end', 'def self.a||{1}'],
    ['module A; refine String do; def b = self; end; end', 'scope A{scope ::String{def b||{self}}}'],
    [
      'class_attribute :a, default: 1',
      'def a||{@@a}; def a=|value|{@@a=value}; def self.a||{@@a}; def self.a=|value|{@@a=value}; @@a=1',
    ],
    ['@a in [*, B(c), *]', 'c=@a.deconstruct().[](other()).deconstruct(B).[](0); other(@a B)'],
  ])('%s', (text, form) => {
    expect(formOf(text)).toBe(form)
    expect(parser.parse(text, 'a.rb').problems).toEqual([])
  })
})

it.each([
  ['lib/a.rb', true],
  ['config.ru', true],
  ['a/Rakefile', true],
  ['x.gemspec', true],
  ['views/a.html.erb', true],
  ['views/a.haml', true],
  ['views/a.slim', true],
  ['views/a.json.jbuilder', true],
  ['a.rbc', false],
  ['Gemfile.lock', false],
  ['ruby', false],
])('reads %s: %s', (path, reads) => expect(ruby.reads(path)).toBe(reads))

it.each([
  ['#!/usr/bin/env ruby', true],
  ['#!/usr/bin/ruby -w', true],
  ['#!/usr/bin/env -S ruby3.1', true],
  ['#!/bin/sh', false],
  ['#!/usr/bin/rubyish', false],
])('knows the script %s: %s', (line, reads) => expect(ruby.readsScript?.(line)).toBe(reads))
