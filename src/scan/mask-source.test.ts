import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import { loadCatalogue } from './catalogue.ts'
import { scan } from './scan.ts'
import { sourceFile } from './source-file.ts'

let draws = 0
const random = randomText((length) => createHash('shake256', { outputLength: length }).update(String(draws++)).digest())
const kinds = await loadKinds()
const { mask } = await loadCatalogue()

/** Ways in which a secret stands in a file under a name; `$` is the secret, `%` the same in base64, `&` behind a name. */
const named: readonly (readonly [path: string, text: string])[] = [
  ['app.rb', "require 'sinatra'\nKEY = ENV['X_API_KEY'] || '$'\nset :session_secret, '$'\nget('/') { KEY }\n"],
  ['app.rb', "require 'sinatra'\nput('/') { RestClient.get(\"https://x.example/?key=$\") }\n"],
  ['config/app.yml', 'production:\n  host: db.corp\n  password: $\n  api_secret: |\n    $\n'],
  ['.env', 'API_SECRET=$\nexport DB_PASSWORD="$"\n'],
  ['k8s.yaml', 'apiVersion: v1\nkind: Secret\ndata:\n  api-key: %\n  whatever: %\nstringData:\n  other: $\n'],
  ['deploy.sh', 'curl -u admin:$ -H "Authorization: Bearer $" https://x.corp\nmysql -u root -p$ app\n'],
  ['a.http', 'GET https://x.corp\nX-Api-Token: $\n'],
  ['a.json', '{"password":"$","auth":"&","token": "$" }\n'],
  ['nginx.conf', 'proxy_set_header Authorization "Bearer $";\nset $api_token "$";\n'],
]

/** And where nothing but its own form tells it. */
const bare: readonly (readonly [path: string, text: string])[] = [
  ['app.rb', "require 'sinatra'\nKEY = ENV['X_API_KEY'] || '$'\nget('/') { KEY }\nset :ssl_verify_client, '$'\n"],
  ['app.rb', "require 'sinatra'\nset :logging, :off\nget('/') { logger.info('$'); raise \"no $\" }\n"],
  ['app.rb', "require 'sinatra'\nput('/') { RestClient.get(\"https://x.example/?key=$\") }\n"],
]

interface Made {
  readonly whole: string
  /** What is random of it: prefixes, hosts and names are public. */
  readonly body: string
}

const shaped = kinds
  .filter(({ id, shape }) => shape && id !== 'private-key')
  .map((kind) => () => {
    const whole = kind.example(random)
    const prefix = kind.shape?.prefixes.find((one) => whole.startsWith(one)) ?? ''
    return { whole, body: longestRun(whole.slice(prefix.length)) }
  })

const others = [
  () => random.base62(40),
  () => random.hex(32),
  () => `K${random.base62(3)}!${random.digits(2)}q${random.base62(12)}`,
  ...kinds.filter(({ shape }) => !shape).map((kind) => () => kind.example(random)),
].map((make) => (): Made => {
  const whole = make()
  return { whole, body: longestRun(whole) }
})

function longestRun(text: string): string {
  return [...text.matchAll(/[0-9A-Za-z]+/g)].map(([run]) => run).sort((a, b) => b.length - a.length)[0] ?? text
}

function showsOf(whole: string, body: string): string | undefined {
  // Some kinds say in their first characters whose they are.
  const tail = body.slice(Math.min(8, Math.max(0, body.length - 8)))
  for (let at = 0; at + 6 <= tail.length; at++)
    if (whole.includes(tail.slice(at, at + 6))) return tail.slice(at, at + 6)
  return undefined
}

it('shows no six characters of any secret in any form in what a scan gives', async () => {
  const cases = fc.oneof(
    fc.tuple(fc.constantFrom(...shaped, ...others), fc.constantFrom(...named)),
    fc.tuple(fc.constantFrom(...shaped), fc.constantFrom(...bare)),
  )
  await fc.assert(
    fc.asyncProperty(cases, async ([make, [path, form]]) => {
      const { whole: secret, body } = make()
      const encoded = Buffer.from(secret).toString('base64')
      const text = form
        .replaceAll('$', (sign, at: number) => (form.startsWith('$api_token', at) ? sign : secret))
        .replaceAll('%', encoded)
        .replaceAll('&', Buffer.from(`me:${secret}`).toString('base64'))
      const { findings, gaps } = await scan([{ path, text }])
      const told = JSON.stringify([findings, gaps])
      expect(showsOf(told, body)).toBeUndefined()
      expect(showsOf(told, encoded.replace(/=+$/, '').slice(8))).toBeUndefined()
      expect(showsOf(told, Buffer.from(`me:${secret}`).toString('base64').replace(/=+$/, '').slice(12))).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

it('shows no line of a private key, wherever it stands', () => {
  const lines = Array.from({ length: 26 }, () => random.base62(64))
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${lines.join('\n')}\n-----END RSA PRIVATE KEY-----\n`
  for (const before of ['', 'x: |\n', `${'a line of the file\n'.repeat(4_000)}`]) {
    const text = `${before}${key}after = 1\n`
    const file = sourceFile('config/app.yml', text, mask)
    for (const line of lines) {
      const at = text.indexOf(line)
      expect(file.place(at, at + 5).text).toBe('…')
      expect(file.quote(at, at + 40)).toBe('…')
    }
    expect(file.place(text.indexOf('after'), text.length - 1).text).toBe('after = 1')
  }
})

it('leaves lines as they are that hold no secret', () => {
  const lines = [
    "password = ENV.fetch('DB_PASSWORD')",
    'token = params[:token]',
    '  password: <%= ENV["DB_PASSWORD"] %>',
    'url = "https://example.com/a"',
    "type: 'password'",
  ]
  const text = lines.join('\n')
  const file = sourceFile('app.rb', text, mask)
  expect(lines.map((line) => file.place(text.indexOf(line), text.indexOf(line) + 1).text)).toEqual(lines)
})

it('searches what is shown of a file, and not all of it', () => {
  let searched = 0
  const counting = Object.assign((text: string) => text, {
    suspects: (text: string) => {
      searched += text.length
      return []
    },
  })
  const file = sourceFile('a.txt', 'a line of the file\n'.repeat(1_000_000), counting)
  for (let line = 0; line < 500; line++) file.place(9_000_000 + line * 19, 9_000_005 + line * 19)
  expect(searched).toBeLessThan(200_000)
})

it('knows keys of a shape in the escapes of URLs, languages and markup', () => {
  const spell = (write: (code: number) => string) => (text: string) =>
    [...text].map((character) => write(character.charCodeAt(0))).join('')
  const hex = (code: number) => code.toString(16)
  const spellings = [
    (text: string) => Buffer.from(text).toString('hex'),
    spell((code) => `%${hex(code)}`),
    spell((code) => `\\x${hex(code)}`),
    spell((code) => `\\u00${hex(code)}`),
    spell((code) => `&#${code};`),
    (text: string) => `${spell((code) => `%${hex(code)}`)(text.slice(0, 3))}${text.slice(3)}`,
  ]
  for (const make of shaped) {
    const { whole } = make()
    if (/[^\w.-]/.test(whole)) continue
    for (const spelled of spellings.map((spell) => spell(whole))) {
      const masked = mask(`puts "${spelled}"`)
      expect(showsOf(masked, spelled.slice(-20))).toBeUndefined()
    }
  }
})

it('reads an escape no further than its own digits', () => {
  // `%78b` is no escape of three digits. A key that is random enough is masked all the same, so that many are tried.
  const kind = kinds.find(({ id }) => id === 'clickup-api-token')
  for (let i = 0; i < 1_500; i++) {
    const key = kind?.example(random) ?? ''
    const spelled = [...key.slice(0, 3)].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('') + key.slice(3)
    expect(showsOf(mask(`puts "${spelled}"`), spelled.slice(-20))).toBeUndefined()
  }
})

it.each(['# password: $', 'token=$ in a remark', "config.password = :'$'", "system('mysql', '-p$')", "'Bearer $' + x"])(
  'knows a secret in %s',
  (form) => {
    const secret = `Zq${random.base62(12)}7x`
    expect(showsOf(mask(form.replace('$', secret)), secret)).toBeUndefined()
  },
)

it('leaves remarks and names as they are', () => {
  const lines = ['# the token: see Vault2Client', 'key = SHA256withRSA', 'password: String', 'token: params[:Token2]']
  expect(lines.map((line) => mask(line))).toEqual(lines)
})

it('shows no key that is used as a name', async () => {
  const key = shaped.map((make) => make().whole).find((whole) => /^[a-z]\w+$/.test(whole)) ?? ''
  expect(key).not.toBe('')
  const texts = [
    `def ${key} = ENV['STRIPE_API_KEY']\nget('/') { ${key} }`,
    `${key} = ENV['STRIPE_API_KEY']\nget('/') { ${key} }`,
    `get('/pay/${key}') { ENV['STRIPE_API_KEY'] }`,
    `get('/') { ENV['${key}'] }\nputs ENV['${key}']`,
    `set :ssl_${key}, true`,
  ]
  const told = JSON.stringify(
    await Promise.all(texts.map((text) => scan([{ path: 'a.rb', text: `require 'sinatra'\n${text}\n` }]))),
  )
  expect(showsOf(told, key)).toBeUndefined()
})
