import { describe, expect, it } from 'vitest'
import { scan } from '../scan.ts'

/** Where a route holds in which this stands before a leak; undefined for everywhere. */
async function holds(before: string): Promise<string | undefined> {
  const text = `require 'sinatra'\nget '/key' do\n  ${before}\n  ENV['LEDGER_API_KEY']\nend\n`
  const { findings, gaps } = await scan([{ path: 'app.rb', text }])
  expect(gaps).toEqual([])
  expect(findings.map(({ rule }) => rule)).toEqual(['key-in-response'])
  return findings[0]?.holds
}

const development = 'only in development, which it is in too when no variable names the environment'

describe('what stands behind an early exit', () => {
  it.each([
    ['halt 404 unless settings.development?', development],
    ['settings.development? or halt 404', development],
    ["return 'no' unless ENV['RACK_ENV'] == 'development'", 'only in development'],
    [
      "raise 'no' if settings.production? || settings.test?",
      'only in development and other environments, which it is in too when no variable names the environment',
    ],
    ['halt 404 if settings.development?', 'only where a variable names the environment, and not development'],
    ['halt 404 if settings.production? && params[:x]', undefined],
    ['halt 404 unless settings.development? || params[:x]', undefined],
    ['logger.warn "x" unless settings.development?', undefined],
    ['if params[:x]\n  halt 404 unless settings.development?\nend', undefined],
  ])('%s', async (before, expected) => {
    expect(await holds(before)).toBe(expected)
  })
})
