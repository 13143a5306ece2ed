import { describe, expect, it } from 'vitest'
import { scan } from '../scan.ts'

async function opens(code: string): Promise<boolean> {
  const { findings, gaps } = await scan([{ path: 'app.rb', text: `require 'sinatra'\n${code}\n` }])
  expect(gaps).toEqual([])
  return findings.some(({ rule }) => rule === 'path-traversal')
}

/** A route that reads the file that `name` names, after what is given. */
const reading = (before: string) =>
  `get '/file' do\n  name = params[:name]\n${before}\n  File.read("files/#{name}")\nend`

describe('a name that the client chooses is harmless', () => {
  it.each([
    ['  halt 404 unless %w[a b].include?(name)'],
    ['  return 404 unless NAMES.key?(name)'],
    ['  return 404 if !NAMES.include?(name.to_s)'],
    ['  NAMES.include?(name) or halt 404'],
    ["  halt 404 if name.include?('..')"],
    ["  halt 404 if name.include?('/') || name.empty?"],
    ["  raise 'no' if name =~ /\\.\\./"],
    ['  halt 400 unless name =~ /\\A[a-z0-9_.-]+\\z/'],
    ['  halt 400 unless name.match?(/^\\w+$/)'],
    ['  halt 400 if name !~ /\\A\\w+\\z/'],
    ['  halt 400 unless NAME_PATTERN.match?(name)'],
    ["  unless name == 'terms'\n    halt 404\n  end"],
    ["  name = name.gsub(/[^a-z0-9]/i, '_')"],
    ["  name = name.tr('/', '_')"],
    ["  name = name.delete('/')"],
    ['  name = name[/\\A\\w+/]'],
    ['  name = File.basename(name)'],
    ['  name = name.to_i'],
    ['  name = %w[a b].find { |known| known == name }'],
    ['  halt 404 unless %w[a b].any? { |known| known == name }'],
    ["  case name\n  when 'a', 'b' then nil\n  else halt 404\n  end\n  name = 'a'"],
    ['  halt 404 unless name.in?(%w[a b])'],
  ])('after %j', async (before) => {
    expect(await opens(reading(before))).toBe(false)
  })

  it.each([
    [
      '  full = File.expand_path(params[:name], ROOT)\n  halt 403 unless full.start_with?(ROOT + "/")\n  File.read(full)',
    ],
    [
      '  full = File.realpath(File.join(ROOT, params[:name]))\n  halt 403 unless full.start_with?("#{ROOT}/")\n  File.read(full)',
    ],
    [
      '  full = File.expand_path(params[:name], ROOT)\n  halt 403 unless full.start_with?(ROOT + File::SEPARATOR)\n  File.read(full)',
    ],
    [
      '  full = File.expand_path(params[:name], ROOT)\n  halt 403 unless full.start_with?(File.join(ROOT, ""))\n  File.read(full)',
    ],
    [
      '  full = File.expand_path(params[:name], ROOT)\n  return 403 unless full.start_with?("#{ROOT}/") && File.file?(full)\n  File.read(full)',
    ],
    ['  full = File.expand_path(params[:name], ROOT)\n  if full.start_with?("#{ROOT}/")\n    File.read(full)\n  end'],
  ])('as a path: %j', async (body) => {
    expect(await opens(`ROOT = File.expand_path('files')\nget '/file' do\n${body}\nend`)).toBe(false)
  })

  it('after a function that leaves where it is not', async () => {
    const check = 'def check(name)\n  halt 404 unless %w[a b].include?(name)\nend'
    expect(await opens(`helpers do\n${check}\nend\n${reading('  check(name)')}`)).toBe(false)
    expect(await opens(`helpers do\n  def check(name)\n    name.nil?\n  end\nend\n${reading('  check(name)')}`)).toBe(
      true,
    )
  })
})

describe('a name that the client chooses still leaves its folder', () => {
  it.each([
    [''],
    ['  halt 404 if name.empty?'],
    ["  halt 404 unless name.include?('.')"],
    ['  halt 400 unless name =~ /\\w+/'],
    ['  halt 400 unless name.match?(/\\A.+\\.txt\\z/)'],
    ["  logger.info('no') unless %w[a b].include?(name)"],
    ['  halt 404 unless %w[a b].include?(params[:kind])'],
    ['  halt 404 unless %w[a b].include?(name)\n  name = params[:other]'],
    ["  name = name.gsub('../', '')"],
    ["  name = name.sub('..', '')"],
    ['  name = name.strip.downcase'],
    ["  halt 404 unless name.start_with?('files/')"],
    ['  halt 404 if %w[a b].include?(name)'],
    ["  if %w[a b].include?(name)\n    'known'\n  end"],
    ["  case name\n  when 'a' then 'known'\n  end"],
  ])('after %j', async (before) => {
    expect(await opens(reading(before))).toBe(true)
  })

  it.each([
    ['  full = File.expand_path(params[:name], ROOT)\n  halt 403 unless full.start_with?(ROOT)\n  File.read(full)'],
    ['  full = File.join(ROOT, params[:name])\n  halt 403 unless full.start_with?("#{ROOT}/")\n  File.read(full)'],
  ])('as a path: %j', async (body) => {
    expect(await opens(`ROOT = File.expand_path('files')\nget '/file' do\n${body}\nend`)).toBe(true)
  })
})
