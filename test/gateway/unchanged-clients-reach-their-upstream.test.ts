import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { runSallyport, temporaryFolder } from '../support/sallyport.ts'
import { startUpstream, type TestUpstream } from '../support/upstream.ts'

/** Each a program as its author would write it: it knows the upstream's URL and reads the key from its environment. */
const clients = [
  {
    name: 'Ruby Net::HTTP',
    program: 'ruby',
    source: `
require 'net/http'
uri = URI(ENV.fetch('TARGET'))
request = Net::HTTP::Post.new(uri)
request['Authorization'] = "Bearer #{ENV.fetch('LEDGER_KEY')}"
request.body = 'amount=1'
response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == 'https') { |http| http.request(request) }
puts response.code
`,
  },
  {
    name: 'Ruby Faraday',
    program: 'ruby',
    source: `
require 'faraday'
response = Faraday.post(ENV.fetch('TARGET'), 'amount=1', 'Authorization' => "Bearer #{ENV.fetch('LEDGER_KEY')}")
puts response.status
`,
  },
  {
    name: 'curl',
    program: 'sh',
    source: `curl -sS -o /dev/null -w '%{http_code}\\n' -H "Authorization: Bearer $LEDGER_KEY" -d amount=1 "$TARGET"`,
  },
  {
    name: 'Node fetch',
    program: process.execPath,
    source: `
const answer = await fetch(process.env.TARGET, { method: 'POST', body: 'amount=1', headers: { authorization: 'Bearer ' + process.env.LEDGER_KEY } })
console.log(answer.status)
`,
  },
] as const

let upstream: TestUpstream
beforeAll(async () => {
  upstream = await startUpstream(['ledger.test'])
})
afterAll(() => upstream.close())

describe.each(clients)('$name', ({ program, source }) => {
  it.each([
    ['forward proxy', () => `https://ledger.test:${upstream.port}/v1/charges?x=1`],
    ['base URL', () => undefined],
  ])('through the %s', async (_mode, target) => {
    const folder = temporaryFolder()
    const secret = stripeSecretKey.example(randomText())
    const script = join(folder, 'client.mjs')
    writeFileSync(join(folder, 'ca.pem'), upstream.caPem)
    const url = target()
    writeFileSync(script, source)
    const command =
      url === undefined
        ? ['sh', '-c', 'TARGET="$LEDGER_URL/v1/charges?x=1" exec "$@"', 'sh', program, script]
        : [program, script]
    const before = upstream.seen.length
    const running = await runSallyport({
      folder,
      command,
      environment: { LEDGER_KEY: secret, ...(url === undefined ? {} : { TARGET: url }) },
      config: `
keys:
  ledger: { kind: stripe-secret-key, hosts: ["ledger.test:${upstream.port}"], from: env:LEDGER_KEY, env: LEDGER_KEY, url_env: LEDGER_URL }
egress:
  unsafe_resolve: { ledger.test: 127.0.0.1 }
  hosts: { "ledger.test:${upstream.port}": { ca: ca.pem } }
audit: { file: audit.jsonl }
`,
    })
    expect([await running.ended, running.output()]).toEqual([0, expect.stringMatching(/^200$/m)])
    expect(upstream.seen).toHaveLength(before + 1)
    expect(upstream.seen.at(-1)).toMatchObject({ method: 'POST', url: '/v1/charges?x=1', body: 'amount=1' })
    expect(upstream.seen.at(-1)?.fields).toContain(`Bearer ${secret}`)
  })
})
