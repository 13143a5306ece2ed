import { expect, it } from 'vitest'
import { scan } from './scan.ts'

const app = `require 'sinatra'
get '/a' do
  token = ENV['STRIPE_API_KEY']
  logger.info "with #{token}"
  token
end
`
const leaksOf = async (text: string, path = 'app.rb') =>
  (await scan([{ path, text }])).findings.map(({ rule, fingerprint, structure }) => ({ rule, fingerprint, structure }))

it.each([
  ['code is inserted above', (text: string) => text.replace("get '/a'", "get('/z') { 'ok' }\n\nget '/a'")],
  ['lines are indented otherwise', (text: string) => text.replaceAll('  ', '\t')],
  ['a local is renamed', (text: string) => text.replaceAll('token', 'value')],
  [
    'blanks are put in',
    (text: string) => text.replace('logger.info "', '\n\n    logger.info( "').replace('}"', '}" )'),
  ],
])('a leak keeps its fingerprint when %s', async (_how, change) => {
  const before = await leaksOf(app)
  expect(before).toHaveLength(2)
  expect(change(app)).not.toBe(app)
  expect(await leaksOf(change(app))).toEqual(before)
})

it('a leak keeps its structure, and not its fingerprint, when its file is renamed', async () => {
  const [before, after] = [await leaksOf(app), await leaksOf(app, 'lib/other.rb')]
  expect(after.map(({ structure }) => structure)).toEqual(before.map(({ structure }) => structure))
  expect(after[0]?.fingerprint).not.toBe(before[0]?.fingerprint)
})
