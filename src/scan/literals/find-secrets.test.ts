import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadKinds } from '../../keys/load-kinds.ts'
import { randomText } from '../../keys/random.ts'
import { openSecretFinder } from './find-secrets.ts'

// The same secrets in every run: chance would now and then make a word by which a placeholder is known.
let draws = 0
const random = randomText((length) => createHash('shake256', { outputLength: length }).update(String(draws++)).digest())
const kinds = await loadKinds()
const now = Date.UTC(2026, 0, 1)
const finder = openSecretFinder(kinds, now)
const find = (path: string, text: string) => finder.findSecrets(Buffer.from(text), path)
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Ways of writing a random secret in a file; `$` stands for it. */
const forms: readonly (readonly [path: string, text: string])[] = [
  ['a.json', '{ "apiSecret": "$" }'],
  ['a.yml', 'x:\n  api_secret: $\n'],
  ['a.yml', 'x:\n  api_secret: "$" # note\n'],
  ['a.yml', 'x:\n  api_secret: |\n    $\n  y: 1\n'],
  ['a.yml', 'env:\n  - name: API_SECRET\n    value: "$"\n'],
  ['docker-compose.yml', 'environment:\n  - API_SECRET=$\n'],
  ['a.toml', 'api_secret = "$"\n'],
  ['a.ini', '[x]\napi_secret=$ ; note\n'],
  ['a.properties', 'my.app.api-secret: $\n'],
  ['.env', "export API_SECRET='$'\n"],
  ['pom.xml', '<apiSecret>$</apiSecret>'],
  ['a.xml', '<apiSecret>\n  <![CDATA[$]]>\n</apiSecret>'],
  ['a.xml', '<add key="ApiSecret" value="$"/>'],
  ['main.tf', 'variable "api_secret" {\n  type = string\n  default = "$"\n}'],
  ['Dockerfile', 'FROM x\nENV API_SECRET $\n'],
  ['a.sh', 'run --api-secret $ now\n'],
  ['a.sh', 'curl -H "X-Api-Secret: $" https://api.corp/\n'],
  ['a.sh', 'curl -H "Authorization: Bearer $" https://api.corp/\n'],
  ['a.sh', "curl --user 'admin:$' https://api.corp/\n"],
  ['a.sh', `echo \${API_SECRET:-$}\n`],
  ['a.sql', "CREATE USER app WITH PASSWORD '$';"],
  ['a.sql', "CREATE USER app IDENTIFIED BY '$';"],
  ['a.js', "const apiSecret =\n  '$'"],
  ['a.js', "process.env.API_SECRET ?? '$'"],
  ['a.ts', "private readonly apiSecret: string = '$'"],
  ['a.py', 'connect(api_secret=b"$")'],
  ['a.py', 'os.environ.get("API_SECRET", "$")'],
  ['a.py', "os.getenv('API_SECRET') or '$'"],
  ['a.rb', "ENV.fetch('API_SECRET', '$')"],
  ['a.rb', "ENV.fetch('API_SECRET') { '$' }"],
  ['a.rb', "ENV['API_SECRET'] || '$'"],
  ['a.rb', "set :api_secret, '$'"],
  ['a.rb', "def api_secret\n  '$'\nend\n"],
  ['a.go', 'const apiSecret string = "$"'],
  ['a.go', 'x := Config{ApiSecret: `$`}'],
  ['A.java', 'public static final String API_SECRET = "$";'],
  ['a.php', "define('API_SECRET', '$');"],
  ['A.cs', 'public string ApiSecret { get; set; } = "$";'],
  ['A.cs', 'var c = "Server=db.corp;User Id=a;Password=$;Encrypt=true";'],
  ['a.rs', 'let api_secret: &str = "$";'],
  ['a.ipynb', '{"cells":[{"source":["api_secret = \\"$\\"\\n"]}]}'],
  ['a.ipynb', '{"cells":[{"outputs":[{"text":["API_SECRET=$\\n"]}]}]}'],
  ['.npmrc', '//r.corp/:_authToken=$\n'],
  ['.pypirc', '[pypi]\nusername = x\npassword = $\n'],
  ['.netrc', 'machine x\n  login y\n  password $\n'],
  ['.git-credentials', 'https://me:$@git.corp\n'],
  ['.pgpass', 'db.corp:5432:*:app:$\n'],
  ['settings.xml', '<server><id>x</id><password>$</password></server>'],
  ['terraform.tfstate', '{"attributes":{"password": "$"}}'],
  ['.github/workflows/ci.yml', 'env:\n  API_SECRET: $\n'],
  ['c.postman_collection.json', '{"auth":{"bearer":[{"key":"token","value":"$"}]}}'],
  ['x.har', '{"headers":[{"name":"X-Api-Token","value":"$"}]}'],
  ['.bash_history', 'mysql -u root -p$ app\n'],
  ['crash.log', 'Environment: {"API_SECRET"=>"$"}\n'],
  ['k.yaml', 'apiVersion: v1\nkind: Secret\nstringData:\n  whatever: $\n'],
  ['a.yml', 'url: amqps://app:$@mq.corp/app\n'],
  ['a.properties', 'u=jdbc:postgresql://db.corp/x?user=a&password=$\n'],
  ['redis.conf', 'requirepass $\n'],
  ['a.ps1', 'ConvertTo-SecureString "$" -AsPlainText -Force'],
]

describe('a random secret', () => {
  it.each(forms)('is found once in %s as %j', (path, form) => {
    for (const secret of [random.base62(40), random.hex(32), `K${random.base62(7)}7x${random.base62(14)}`]) {
      const text = form.replaceAll('$', (sign, at: number) => (form[at + 1] === '{' ? sign : secret))
      expect(find(path, text).map(({ start, end }) => text.slice(start, end))).toEqual([secret])
    }
  })

  it.each([
    ['k.yaml', 'apiVersion: v1\nkind: Secret\ndata:\n  whatever: $\n', ''],
    ['a.http', 'GET https://api.corp\nAuthorization: Basic $\n', 'me:'],
    ['.docker/config.json', '{"auths":{"r.corp":{"auth":"$"}}}', 'me:'],
    ['.npmrc', '//r.corp/:_auth=$\n', 'me:'],
  ])('is found in base64 in %s as %j', (path, form, before) => {
    const encoded = base64(before + random.base62(31))
    const text = form.replace('$', encoded)
    expect(find(path, text).map(({ start, end }) => text.slice(start, end))).toEqual([encoded])
  })

  it('is found in two pieces that a sign or a line joins', () => {
    const [one, two] = [random.base62(20), random.base62(20)]
    for (const text of [`const apiSecret = '${one}' + '${two}'`, `apiSecret = ("${one}"\n    "${two}")`]) {
      const [found] = find('a.py', text)
      expect(text.slice(found?.start, found?.end).replace(/["'+\s]+/g, '')).toBe(one + two)
    }
  })
})

const shaped = kinds.filter(({ shape }) => shape)

it.each(shaped.map((kind) => [kind.id, kind] as const))('finds a %s in every format by its shape', (_id, kind) => {
  for (const form of [
    'x "$"',
    'a=$\n',
    '{"a":"$"}',
    '["a\\n$\\n"]',
    '<a>$</a>',
    'u=https://x.corp/?k%3D$',
    '\ufeff\u00e9 $ \u00e9',
  ]) {
    const key = kind.example(random)
    const text = form.replace('$', key)
    const bytes = Buffer.from(text)
    const found = finder.findSecrets(bytes, 'config/app.conf')
    expect(found).toHaveLength(1)
    const place = bytes.toString('utf8', found[0]?.start, found[0]?.end)
    // Of an address the password is the secret.
    expect(key).toContain(place)
    expect(place.length).toBeGreaterThan(15)
  }
})

it.each(shaped.filter(({ id }) => id !== 'database-url').map((kind) => [kind.id, kind] as const))(
  'finds a %s in UTF-16, in what is no text, and behind invalid UTF-8',
  (_id, kind) => {
    const text = `x = "${kind.example(random)}"\n${'padding '.repeat(9)}`
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le')
    for (const bytes of [
      wide,
      wide.subarray(2),
      Buffer.from(wide).swap16(),
      Buffer.concat([Buffer.of(0, 1, 2, 0), Buffer.from(text)]),
      Buffer.concat([Buffer.of(0xff, 0xc3, 0x28), Buffer.from(text)]),
    ]) {
      const found = finder.findSecrets(bytes, 'data.bin')
      expect(found).toHaveLength(1)
      expect(
        bytes
          .subarray(found[0]?.start, (found[0]?.start ?? 0) + 2)
          .toString('latin1')
          .replace(/\0/g, ''),
      ).not.toBe('')
    }
  },
)

it('finds a key that is encoded whole, or stands in a field of a certificate', () => {
  const key = kinds.find(({ id }) => id === 'stripe-secret-key')?.example(random) ?? ''
  const der = Buffer.concat([
    Buffer.of(0x30, 0x82, 0x01, 0x0a, 0x0c, key.length),
    Buffer.from(key),
    Buffer.of(0x02, 1, 1),
  ])
  const pem = `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
  expect(find('server.pem', pem)).toMatchObject([{ rule: 'certificate-holds-key', kind: 'stripe-secret-key' }])
  expect(finder.findSecrets(der, 'server.der')).toMatchObject([{ rule: 'certificate-holds-key' }])
  expect(find('values.yaml', `blob: ${base64(key)}\n`)).toMatchObject([
    { rule: 'encoded-secret', kind: 'stripe-secret-key' },
  ])
})

describe('a private key', () => {
  const body = (lines: number) => Array.from({ length: lines }, () => random.base62(64)).join('\n')
  const armour = (label: string, content: string) => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`

  it.each(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'])(
    'is found as %s, in a file of its own, in code, in one line and in base64',
    (label) => {
      const key = armour(label, body(12))
      expect(find('deploy/server.pem', key)).toMatchObject([{ rule: 'private-key-file' }])
      expect(find('app.rb', `KEY = <<~PEM\n${key}PEM\n`)).toMatchObject([{ rule: 'private-key-in-source' }])
      expect(find('.env', `KEY="${key.replaceAll('\n', '\\n')}"\n`)).toMatchObject([{ rule: 'private-key-in-source' }])
      expect(find('kubeconfig.yaml', `client-key-data: ${base64(key)}\n`)).toMatchObject([{ rule: 'encoded-secret' }])
    },
  )

  it('is worth less when it is encrypted, and nothing when it is none', () => {
    const legacy = armour(
      'RSA PRIVATE KEY',
      `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${random.hex(32).toUpperCase()}\n\n${body(12)}`,
    )
    for (const key of [armour('ENCRYPTED PRIVATE KEY', body(12)), legacy])
      expect(find('server.pem', key)).toMatchObject([{ severity: 'medium' }])
    expect(find('server.pem', armour('PUBLIC KEY', body(6)))).toEqual([])
    expect(find('server.pem', armour('CERTIFICATE', body(20)))).toEqual([])
    expect(find('notes.rb', 'begin = "-----BEGIN PRIVATE KEY-----"')).toEqual([])
  })

  it('is found as JWK and in the file of PuTTY', () => {
    expect(
      find('keys.json', `{"keys":[{"kty":"EC","crv":"P-256","x":"${random.base62(43)}","d":"${random.base62(43)}"}]}`),
    ).toMatchObject([{ title: 'private key (JWK)' }])
    expect(find('keys.json', `{"keys":[{"kty":"EC","crv":"P-256","x":"${random.base62(43)}"}]}`)).toEqual([])
    const putty = `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\n${random.base62(64)}\nPrivate-Lines: 1\n${random.base62(64)}\nPrivate-MAC: ${random.hex(64)}\n`
    expect(find('me.ppk', putty)).toMatchObject([{ rule: 'private-key-file', severity: 'critical' }])
  })
})

describe('a JSON Web Token', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = (head: object, claims: object) => `${part(head)}.${part(claims)}.${random.base62(43)}`
  const good = { iss: 'billing', sub: 'u-381', exp: now / 1_000 + 600 }

  it('is found by what it decodes to', () => {
    expect(find('a.py', `t = "${token({ alg: 'HS256' }, good)}"`)).toMatchObject([
      { rule: 'jwt-in-source', confidence: 'firm' },
    ])
  })

  it.each([
    ['has expired', { alg: 'HS256' }, { ...good, exp: now / 1_000 - 1 }],
    ['is not signed', { alg: 'none' }, good],
    [
      'is the example of jwt.io',
      { alg: 'HS256', typ: 'JWT' },
      { sub: '1234567890', name: 'John Doe', iat: 1516239022 },
    ],
    ['is for everybody', { alg: 'HS256' }, { ...good, role: 'anon' }],
  ])('is none when it %s', (_why, head, claims) => {
    expect(find('a.py', `x = "${token(head, claims)}"`)).toEqual([])
  })
})

it('finds the pair of an AWS key, and no key without its id', () => {
  const secret = kinds.find(({ id }) => id === 'aws-secret-access-key')
  const id = secret?.beside?.example(random) ?? ''
  const key = secret?.example(random) ?? ''
  expect(find('a.txt', `${id}\n${key}\n`)).toMatchObject([{ rule: 'cloud-credentials' }])
  expect(find('a.txt', `${key}\n`)).toEqual([])
})

/** What is written in good repositories. */
const clean: readonly (readonly [path: string, text: string])[] = [
  ['app.rb', "JWT.encode(payload, ENV.fetch('JWT_SECRET'), 'HS256')\ncall(params['password'], 'Passw0rd')\n"],
  ['locales/de.yml', 'de:\n  password: Passwort\n  token: Zugangsschluessel99!\n'],
  [
    'app.rb',
    'password = get_password()\ntoken = params[:token]\nsecret = ENV["SECRET_TOKEN"]\nkey = "user:#{id}:token"\n',
  ],
  [
    'app.ts',
    "const token: string = await fetchToken()\ninterface A { password: string; apiKey?: string }\nconst type = 'password'\n",
  ],
  ['form.html', '<input type="password" name="password" placeholder="Password123!">\n'],
  ['schema.sql', 'CREATE TABLE u (password VARCHAR(255) NOT NULL, api_token TEXT);\n'],
  ['config/database.yml', 'development:\n  host: localhost\n  password: hunter2\ntest:\n  password: hunter2\n'],
  ['docker-compose.yml', 'services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n'],
  ['.env.example', 'API_TOKEN=your-token-here\nDB_PASSWORD=<password>\nSECRET=changeme\n'],
  [
    'a.yml',
    `password: \${DB_PASSWORD}\ntoken: {{ vault_token }}\nsecret: vault:secret/app#token\nkey: op://vault/item/field\napi_key: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n`,
  ],
  [
    'k8s.yml',
    'env:\n  - name: API_TOKEN\n    valueFrom:\n      secretKeyRef:\n        name: app\n        key: token\n',
  ],
  ['main.tf', 'password = var.password\ntoken = data.aws_secretsmanager_secret_version.token.secret_string\n'],
  ['package-lock.json', '{ "integrity": "sha512-$b64", "token": "$hex" }'],
  ['go.sum', 'example.org/token v1.0.0 h1:$b64=\n'],
  ['a.css', '.token { color: #ff00aa; background: url(data:image/png;base64,$b64) }\n'],
  ['a.md', 'Set `password` to the password of the user, and `API_TOKEN` to the token that you were given.\n'],
  [
    'a.py',
    'sha256 = "$hex"\ncommit = "$hex"\nuser_id = "$uuid"\npublic_key = "$b64"\ncsrf_token = "$hex"\nnext_page_token = "$b64"\n',
  ],
  [
    'a.js',
    "const tokenPattern = /^[A-Za-z0-9]{32}$/\nconst KEY_PASSWORD = 'keyPassword1024'\nlabels = { password: 'Enter your password', token: 'authentication_token' }\n",
  ],
  ['spec/user_spec.rb', "password = 'Tr0ub4dor&3x'\nlet(:token) { '$hex' }\n"],
  ['sealed.yaml', 'kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgA$b64\n'],
  ['secrets.enc.yaml', 'password: ENC[AES256_GCM,data:$b64,iv:$b64,tag:$b64,type:str]\nsops:\n  kms: []\n'],
  ['users.yml', 'password: $2y$10$$b64\npassword_hash: "$argon2id$v=19$m=65536$$b64"\n'],
  [
    'README.md',
    'postgres://user:password@host/db and https://user:pass@example.com/ and curl -u user:pass https://x\n',
  ],
]

it.each(clean)('finds nothing in %s: %j', (path, text) => {
  const whole = text
    .replaceAll('$b64', () => random.base62(44))
    .replaceAll('$hex', () => random.hex(40))
    .replaceAll(
      '$uuid',
      () => `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
    )
  expect(find(path, whole).map(({ rule, name, line }) => `${line} ${rule} ${name}`)).toEqual([])
})

it('tells a weak password only where production is configured', () => {
  const text = 'production:\n  host: db.corp\n  password: hunter2\n'
  expect(find('config/database.yml', text)).toMatchObject([{ confidence: 'tentative', severity: 'medium' }])
  expect(find('config/database.yml', text.replace('production', 'development'))).toEqual([])
})

it('tells a key in a test as less than one in the app', () => {
  const key = kinds.find(({ id }) => id === 'github-personal-token')?.example(random) ?? ''
  const [app] = find('lib/app.rb', `KEY = '${key}'`)
  const [test] = find('spec/app_spec.rb', `KEY = '${key}'`)
  expect(app).toMatchObject({ severity: 'critical', confidence: 'certain' })
  expect(test).toMatchObject({ severity: 'high', confidence: 'firm', setting: 'in a test' })
})

it('never throws, whatever the bytes, and gives places inside them in order', () => {
  const piece = fc.constantFrom(
    'password',
    '="',
    "'",
    ':',
    '\n',
    '://',
    '@',
    '-----BEGIN PRIVATE KEY-----',
    'eyJ',
    '.',
    '\\',
    'kind: Secret\ndata:\n',
    'AKIA',
    '\0',
    '\u00e9',
    '{',
    'x'.repeat(30),
    ' -u ',
    'Basic ',
    'QUJDREVGRw==',
  )
  const path = fc.constantFrom('a.rb', 'a.yml', '.env', 'a.json', 'b', '.netrc', 'a.md')
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 40 }),
      path,
      (pieces, where) => {
        const bytes = Buffer.from(pieces.join(''))
        let last = 0
        for (const { start, end } of finder.findSecrets(bytes, where)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(bytes.length)
          last = start
        }
      },
    ),
    { numRuns: 400 },
  )
})

it.each([
  ['prefixes', 'sk_live_'],
  ['names', 'password='],
  ['quotes', 'token="'],
  ['addresses', 'a://b:'],
  ['begins of keys', '-----BEGIN PRIVATE KEY-----'],
  ['tokens', 'eyJhbGciOiJub25lIn0.eyJ'],
  ['manifests', 'kind: Secret\ndata:\n'],
  ['words', 'anananan'],
  ['joined texts', "secret = 'a' + 'b' + "],
])('looks at each byte a bounded number of times in a million of %s', (_name, piece) => {
  // Twice as much takes about twice as long, and nothing like four times.
  const time = (length: number) => {
    const bytes = Buffer.from(piece.repeat(Math.ceil(length / piece.length)))
    const started = process.cpuUsage()
    finder.findSecrets(bytes, 'a.yml')
    return process.cpuUsage(started).user
  }
  time(100_000)
  const [one, two] = [time(500_000), time(1_000_000)]
  expect(two).toBeLessThan(Math.max(one * 3.4, 400_000))
})
