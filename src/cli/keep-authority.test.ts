import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { checkClientCertificate } from '../identity/check-client-certificate.ts'
import { openRevocations, readCrls } from '../identity/crl.ts'
import { runCommandLine } from './run-command-line.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A folder of its own, and the command line as its user has it. */
function place() {
  const directory = mkdtempSync(join(tmpdir(), 'ca-'))
  folders.push(directory)
  const sallyport = async (...args: string[]) => {
    const [out, error]: [string[], string[]] = [[], []]
    const code = await runCommandLine(args, {
      process: {
        stdout: { write: (text) => void out.push(text) },
        stderr: { write: (text) => void error.push(text) },
      },
      stdin: Readable.from([]),
      environment: {},
      directory,
    })
    return { code, out: out.join(''), error: error.join('') }
  }
  const file = (name: string) => join(directory, name)
  const openssl = (...args: string[]) => {
    const { stdout, stderr } = spawnSync('openssl', args, { cwd: directory, encoding: 'utf8' })
    return stdout + stderr
  }
  return { sallyport, file, openssl, directory }
}

async function made(...more: string[]) {
  const here = place()
  expect(await here.sallyport('ca', 'init', '--dir', 'tls', ...more)).toMatchObject({ code: 0 })
  return here
}

const billing = [
  'ca',
  'issue',
  '--dir',
  'tls',
  '--client',
  '--spiffe',
  'spiffe://example.org/billing',
  '--out',
  'tls/billing',
]
const server = [
  'ca',
  'issue',
  '--dir',
  'tls',
  '--server',
  '--dns',
  'localhost',
  '--ip',
  '127.0.0.1',
  '--out',
  'tls/server',
]

describe('sallyport ca init', () => {
  it('makes a CA, its key for its owner alone, and an empty list, and says that the key is not encrypted', async () => {
    const { sallyport, file, openssl } = place()
    const { code, out } = await sallyport('ca', 'init', '--dir', 'tls', '--name', 'Ours', '--days', '10')
    expect(code).toBe(0)
    expect(out).toContain('tls/ca.pem  the CA "Ours"')
    expect(out).toContain('NOT ENCRYPTED')
    expect(statSync(file('tls/ca.key')).mode & 0o777).toBe(0o600)
    expect(statSync(file('tls')).mode & 0o777).toBe(0o700)
    expect(
      openssl('verify', '-x509_strict', '-crl_check', '-CAfile', 'tls/ca.pem', '-CRLfile', 'tls/ca.crl', 'tls/ca.pem'),
    ).toContain('OK')
    const { ca, validToDate } = new X509Certificate(readFileSync(file('tls/ca.pem')))
    expect(ca).toBe(true)
    expect(Math.round((validToDate.getTime() - Date.now()) / 86_400_000)).toBe(10)
  })

  it('never replaces a CA', async () => {
    const { sallyport, file } = await made()
    const before = readdirSync(file('tls')).map((name) => readFileSync(file(`tls/${name}`), 'utf8'))
    const { code, error } = await sallyport('ca', 'init', '--dir', 'tls')
    expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(/is there already.*\[CA_INVALID\]/) })
    expect(readdirSync(file('tls')).map((name) => readFileSync(file(`tls/${name}`), 'utf8'))).toEqual(before)
  })
})

describe('sallyport ca issue', () => {
  it.each([[[]], [['--ed25519']]])('%j issues what OpenSSL and our own profile accept', async (more) => {
    const { sallyport, openssl, file } = await made(...more)
    expect((await sallyport(...billing, ...more)).code).toBe(0)
    expect((await sallyport(...server, ...more)).code).toBe(0)
    const verify = (purpose: string, leaf: string) =>
      openssl(
        'verify',
        '-x509_strict',
        '-crl_check',
        '-purpose',
        purpose,
        '-CAfile',
        'tls/ca.pem',
        '-CRLfile',
        'tls/ca.crl',
        leaf,
      )
    expect(verify('sslclient', 'tls/billing.pem')).toContain('tls/billing.pem: OK')
    expect(verify('sslserver', 'tls/server.pem')).toContain('tls/server.pem: OK')
    expect(verify('sslclient', 'tls/server.pem')).not.toContain('OK')
    expect(statSync(file('tls/billing.key')).mode & 0o777).toBe(0o600)
    const leaf = new X509Certificate(readFileSync(file('tls/billing.pem'))).raw
    const chain = [new X509Certificate(readFileSync(file('tls/ca.pem'))).raw]
    const revocations = openRevocations(readCrls(readFileSync(file('tls/ca.crl'), 'utf8')).crls)
    expect(checkClientCertificate({ leaf, chain, now: new Date(), revocations })).toMatchObject({
      ok: true,
      identity: { spiffe: 'spiffe://example.org/billing' },
    })
  })

  it('says the same as JSON', async () => {
    const { sallyport } = await made()
    const { out } = await sallyport(...billing, '--format', 'json')
    expect(JSON.parse(out)).toEqual({
      certificate: 'tls/billing.pem',
      key: 'tls/billing.key',
      serial: expect.stringMatching(/^[0-9a-f]{32}$/),
      notAfter: expect.stringMatching(/^20\d\d-/),
    })
  })

  it('never lets a certificate outlive its CA', async () => {
    const { sallyport, file } = await made('--days', '5')
    expect((await sallyport(...billing)).code).toBe(0)
    const end = (name: string) => new X509Certificate(readFileSync(file(name))).validToDate.getTime()
    expect(end('tls/billing.pem')).toBe(end('tls/ca.pem'))
    expect(await sallyport(...server, '--days', '6')).toMatchObject({
      code: 2,
      error: expect.stringContaining('the CA itself ends on'),
    })
  })

  it('replaces files only when it is told to', async () => {
    const { sallyport, file } = await made()
    await sallyport(...billing)
    const before = readFileSync(file('tls/billing.key'), 'utf8')
    expect(await sallyport(...billing)).toMatchObject({ code: 2, error: expect.stringContaining('--replace') })
    expect(readFileSync(file('tls/billing.key'), 'utf8')).toBe(before)
    expect((await sallyport(...billing, '--replace')).code).toBe(0)
    expect(readFileSync(file('tls/billing.key'), 'utf8')).not.toBe(before)
  })

  it.each([
    ['neither --client nor --server', ['--name', 'x'], 'say what the certificate is for'],
    ['a client without a name', ['--client'], 'name the client'],
    ['a server without a host', ['--server', '--name', 'x'], 'a server needs a name'],
    [
      'a SPIFFE ID that is none',
      ['--client', '--spiffe', 'spiffe://Example.org/a'],
      '--spiffe spiffe://Example.org/a: has a trust domain',
    ],
    ['a SPIFFE ID of a trust domain', ['--client', '--spiffe', 'spiffe://example.org'], 'names no workload'],
    ['a host that is none', ['--server', '--dns', 'a b'], '--dns a b: '],
    ['an address as a name', ['--server', '--dns', '127.0.0.1'], 'say --ip'],
    ['a wildcard for a client', ['--client', '--dns', '*.a.test'], '--dns *.a.test: '],
    ['an address that is none', ['--server', '--ip', 'localhost'], '--ip localhost: is not an IP address'],
    ['days that are none', ['--client', '--name', 'x', '--days', 'soon'], '--days: is not a number'],
    ['days of the past', ['--client', '--name', 'x', '--days', '-1'], ''],
    ['the CA’s own files', ['--client', '--name', 'x', '--out', 'tls/ca'], 'is a file of the CA itself'],
  ])('refuses %s, and writes nothing', async (_name, more, says) => {
    const { sallyport, file } = await made()
    const out = more.includes('--out') ? [] : ['--out', 'tls/x']
    expect(await sallyport('ca', 'issue', '--dir', 'tls', ...more, ...out)).toMatchObject({
      code: 2,
      error: expect.stringContaining(says),
    })
    expect(existsSync(file('tls/x.pem')) || existsSync(file('tls/x.key'))).toBe(false)
    expect(readFileSync(file('tls/ca-log.jsonl'), 'utf8')).toBe('')
  })

  it('says that there is no CA, and which file it looked for', async () => {
    const { sallyport } = place()
    expect(await sallyport(...billing)).toMatchObject({
      code: 2,
      error: expect.stringMatching(/tls\/ca\.pem is not there.*\[FILE_UNREADABLE\]/),
    })
  })

  it('refuses a key that is not the CA’s', async () => {
    const { sallyport, file } = await made()
    await sallyport(...billing)
    writeFileSync(file('tls/ca.key'), readFileSync(file('tls/billing.key')))
    expect(await sallyport(...server)).toMatchObject({ code: 2, error: expect.stringContaining('is not the key of') })
  })
})

describe('sallyport ca revoke', () => {
  it('revokes by file, by serial number in any spelling, and once', async () => {
    const { sallyport, openssl, file } = await made()
    await sallyport(...billing)
    await sallyport(...server)
    const verify = (leaf: string) =>
      openssl('verify', '-crl_check', '-CAfile', 'tls/ca.pem', '-CRLfile', 'tls/ca.crl', leaf)
    expect(await sallyport('ca', 'revoke', '--dir', 'tls', 'tls/billing.pem')).toMatchObject({
      code: 0,
      out: expect.stringContaining('(spiffe://example.org/billing)'),
    })
    expect(verify('tls/billing.pem')).toContain('certificate revoked')
    expect(verify('tls/server.pem')).toContain('OK')
    const { serialNumber } = new X509Certificate(readFileSync(file('tls/server.pem')))
    const spelled = serialNumber.replace(/..(?=.)/g, '$&:')
    expect(
      await sallyport('ca', 'revoke', '--dir', 'tls', spelled, '--reason', 'keyCompromise', '--format', 'json'),
    ).toMatchObject({
      code: 0,
      out: expect.stringContaining('"isNew": true'),
    })
    expect(verify('tls/server.pem')).toContain('certificate revoked')
    expect(verify('tls/billing.pem')).toContain('certificate revoked')
    expect(await sallyport('ca', 'revoke', '--dir', 'tls', spelled)).toMatchObject({
      code: 0,
      out: expect.stringContaining('was revoked before'),
    })
    expect(openssl('crl', '-in', 'tls/ca.crl', '-noout', '-text')).toContain('Key Compromise')
  })

  it('loses nothing when several revoke at once', async () => {
    const { sallyport, file } = await made()
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const name of names)
      await sallyport('ca', 'issue', '--dir', 'tls', '--client', '--name', name, '--out', `tls/${name}`)
    await Promise.all(names.map((name) => sallyport('ca', 'revoke', '--dir', 'tls', `tls/${name}.pem`)))
    expect(readCrls(readFileSync(file('tls/ca.crl'), 'utf8')).crls[0]?.revoked.size).toBe(names.length)
  })

  it.each([
    ['a serial number that was never issued', async () => 'abcdef', 'has not issued it'],
    [
      'a certificate of another CA',
      async () => (await made()).file('tls/ca.pem'),
      'holds no certificate that this CA has issued',
    ],
    ['a file that is not there', async () => 'nowhere.pem', 'is not there'],
  ])('refuses %s', async (_name, which, says) => {
    const { sallyport } = await made()
    expect(await sallyport('ca', 'revoke', '--dir', 'tls', await which())).toMatchObject({
      code: 2,
      error: expect.stringContaining(says),
    })
  })

  it('refuses a damaged log, and leaves the list as it was', async () => {
    const { sallyport, file } = await made()
    await sallyport(...billing)
    const before = readFileSync(file('tls/ca.crl'), 'utf8')
    appendFileSync(file('tls/ca-log.jsonl'), '{"event":"revo\n')
    expect(await sallyport('ca', 'revoke', '--dir', 'tls', 'tls/billing.pem')).toMatchObject({
      code: 2,
      error: expect.stringContaining('ca-log.jsonl:2 is damaged'),
    })
    expect(readFileSync(file('tls/ca.crl'), 'utf8')).toBe(before)
  })
})

it('its certificates make a mutual-TLS connection, on which the revoked one is refused', async () => {
  const { sallyport, file } = await made()
  await sallyport(...billing)
  await sallyport(...server)
  const ask = async (crl: string): Promise<string> => {
    const ca = readFileSync(file('tls/ca.pem'))
    const door = createServer({
      cert: readFileSync(file('tls/server.pem')),
      key: readFileSync(file('tls/server.key')),
      ca,
      crl,
      requestCert: true,
      rejectUnauthorized: false,
    })
    door.on('secureConnection', (socket: TLSSocket) =>
      socket.end(socket.authorized ? 'admitted' : String(socket.authorizationError)),
    )
    await once(door.listen(0, '127.0.0.1'), 'listening')
    try {
      const client = connect({
        port: (door.address() as AddressInfo).port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca,
        cert: readFileSync(file('tls/billing.pem')),
        key: readFileSync(file('tls/billing.key')),
      })
      let answer = ''
      client.setEncoding('utf8').on('data', (text) => {
        answer += text
      })
      await once(client, 'end')
      return answer
    } finally {
      door.close()
    }
  }
  expect(await ask(readFileSync(file('tls/ca.crl'), 'utf8'))).toBe('admitted')
  await sallyport('ca', 'revoke', '--dir', 'tls', 'tls/billing.pem')
  expect(await ask(readFileSync(file('tls/ca.crl'), 'utf8'))).toBe('CERT_REVOKED')
})
