import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { githubPersonalToken } from '../../src/keys/kinds/github-personal-token.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { type ProbeReport, probeService } from '../../src/probe/probe-service.ts'
import { makePki, type Pki } from './pki.ts'
import { nginx, nodeTls, unlessKnown } from './services.ts'
import { freePort, type Started, startProgram } from './start-program.ts'

let pki: Pki
beforeAll(async () => {
  pki = await makePki()
})
afterAll(() => pki.remove())

const key = stripeSecretKey.example(randomText())

/** A Sinatra service in clear; `routes` is Ruby, `mode` its APP_ENV. */
async function sinatra(routes: string, mode = 'production'): Promise<Started> {
  const port = await freePort()
  const folder = join(pki.folder, `leaks-${port}`)
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'app.rb'),
    `ENV['APP_ENV'] = '${mode}'
require 'sinatra'
require 'json'
require 'uri'
set :server, 'puma'
set :bind, '127.0.0.1'
set :port, ${port}
KEY = '${key}'
${routes}
`,
  )
  return startProgram(port, 'ruby', ['app.rb'], folder)
}

async function probed(service: Started, routes: readonly string[], canary?: string): Promise<ProbeReport> {
  try {
    return await probeService({
      url: `http://127.0.0.1:${service.port}`,
      routes,
      timeoutMs: 5_000,
      ...(canary === undefined ? {} : { canary: Buffer.from(canary) }),
    })
  } finally {
    await service.stop()
  }
}

const rulesOf = (report: ProbeReport) => new Set(report.findings.map(({ rule }) => rule))
const production = 'set :show_exceptions, false\nset :raise_errors, false\n'

it('finds key, canary and backtrace in an error that answers 200, provoked by a character outside of ASCII', async () => {
  const report = await probed(
    await sinatra(`${production}
get '/convert' do
  content_type :json
  begin
    URI("https://api.example.com/convert?key=#{KEY}&q=#{params[:q]}").to_s.length.to_s
  rescue => e
    { error: e.message, backtrace: e.backtrace }.to_json
  end
end`),
    ['/convert?q=x'],
    key,
  )
  expect(rulesOf(report)).toEqual(
    new Set(['backtrace-in-response', 'canary-in-response', 'key-in-response', 'plain-http-answered']),
  )
  expect(report.score.grade).toBe('F')
  expect(JSON.stringify(report)).not.toContain(key.slice(-20))
  expect(report.findings.find(({ rule }) => rule === 'key-in-response')?.evidence?.[0]).toBe('sk_live_…(99 characters)')
})

it('finds nothing in the same service when its errors are answered with a fixed text', async () => {
  const report = await probed(
    await sinatra(`${production}
error { status 500; '{"error":"Internal server error"}' }
get('/convert') { URI("https://api.example.com/convert?key=#{KEY}&q=#{params[:q]}").to_s.length.to_s }`),
    ['/convert?q=x'],
    key,
  )
  expect(rulesOf(report)).toEqual(new Set(['plain-http-answered']))
})

it('finds the development page of Sinatra, its image and its page for unknown paths', async () => {
  const report = await probed(await sinatra(`get('/') { Integer(params[:q] || '1').to_s }`, 'development'), ['/?q=1'])
  const pages = report.findings.filter(({ rule }) => rule === 'debug-page')
  expect(pages.length).toBe(2)
  expect(rulesOf(report)).toContain('backtrace-in-response')
})

it('finds Rack::ShowExceptions, whose paths are written with entities', async () => {
  const report = await probed(
    await sinatra(`disable :show_exceptions
enable :raise_errors
use Rack::ShowExceptions
get('/') { Integer(params[:q] || '1').to_s }`),
    ['/?q=1'],
  )
  expect(report.findings.find(({ rule }) => rule === 'debug-page')?.message).toContain('Rack::ShowExceptions')
})

it('finds an environment that is printed, and shows none of its values', async () => {
  const report = await probed(await sinatra(`${production}\nget('/settings') { ENV.to_h.inspect }`), ['/settings'])
  const found = report.findings.find(({ rule }) => rule === 'environment-in-response')
  expect(found?.evidence?.[0]).toMatch(/^names: .*PATH/)
  expect(JSON.stringify(found)).not.toContain('/usr/bin')
})

it('tells a phantom from a key, and counts it as nothing lost', async () => {
  const random = randomText()
  const phantom = stripeSecretKey.phantom(random, { prefix: 'sk_live_', length: 107 })
  const service = await nodeTls({}, (_request, response) => void response.end(`{"key":"${phantom}"}`))(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}` })
  await service.stop()
  expect(
    report.findings.filter(({ rule }) => rule.includes('-in-response')).map(({ rule, severity }) => [rule, severity]),
  ).toEqual([['phantom-in-response', 'note']])
})

it.each([
  ['in a field', (secret: string) => ({ head: { 'X-Debug': secret }, body: 'ok' }), 'field X-Debug'],
  ['in base64', (secret: string) => ({ head: {}, body: Buffer.from(`user:${secret}`).toString('base64') }), 'answer'],
  ['percent-encoded', (secret: string) => ({ head: {}, body: secret.replaceAll('_', '%5F') }), 'answer'],
  [
    'in JSON escapes',
    (secret: string) => ({ head: {}, body: `{"k":"${secret.replaceAll('_', '\\u005f')}"}` }),
    'answer',
  ],
  ['in entities', (secret: string) => ({ head: {}, body: `<b>${secret.replaceAll('_', '&#x5F;')}</b>` }), 'answer'],
  ['in UTF-16', (secret: string) => ({ head: {}, body: Buffer.from(secret, 'utf16le') }), 'answer'],
  ['in the body', (secret: string) => ({ head: {}, body: `k=${secret};` }), 'body at byte 2'],
] as const)('finds a key and the canary %s', async (_name, write, part) => {
  const token = githubPersonalToken.example(randomText())
  const { head, body } = write(token)
  const service = await nodeTls({}, (_request, response) => void response.writeHead(200, head).end(body))(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}`, canary: Buffer.from(token) })
  await service.stop()
  expect(rulesOf(report)).toContain('canary-in-response')
  const found = report.findings.find(({ rule }) => rule === 'key-in-response')
  expect(found?.at).toMatchObject({ part })
  expect(JSON.stringify(report)).not.toContain(token.slice(6))
})

it('caps the grade at F when strangers are shown the key, and not when only the good certificate is', async () => {
  const lenient = { requestCert: true, rejectUnauthorized: false }
  const shows = unlessKnown((_request, response) => void response.writeHead(403).end(`no: ${key}`))
  const options = { good: pki.good, timeoutMs: 5_000 }
  const open = await nodeTls(lenient, shows)(pki)
  const shown = await probeService({ ...options, url: `https://127.0.0.1:${open.port}` })
  await open.stop()
  expect([shown.verdict, shown.score.grade]).toEqual(['enforced', 'F'])

  const closed = await nginx('ssl_verify_client on;', `location / { return 200 '${key}'; }`)(pki)
  const hidden = await probeService({ ...options, url: `https://127.0.0.1:${closed.port}` })
  await closed.stop()
  expect(hidden.verdict).toBe('enforced')
  expect(rulesOf(hidden)).toEqual(new Set(['key-in-response']))
  expect(hidden.score.grade).toBe('D')
})

it('does not show a key that stands in a route it was given', async () => {
  const service = await nodeTls({}, (_request, response) => void response.end("app.rb:3:in `get'"))(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}`, routes: [`/?token=${key}`] })
  await service.stop()
  expect(JSON.stringify(report).includes(key.slice(10))).toBe(false)
})
