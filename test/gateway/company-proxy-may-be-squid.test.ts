import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { randomText } from '../../src/keys/random.ts'
import { closing, gatewayBehind, upstreamFor } from '../support/behind-proxy.ts'
import { temporaryFolder, until } from '../support/sallyport.ts'

/** Squid as companies have it: CONNECT for those whose name and password it knows. Resolves to its port. */
async function startSquid(user: string, password: string): Promise<number> {
  const port = await freePort()
  const folder = temporaryFolder()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const hash = execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password, encoding: 'utf8' }).trim()
  const config = file(
    'squid.conf',
    `
http_port 127.0.0.1:${port}
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${file('passwords', `${user}:${hash}\n`)}
auth_param basic children 1 startup=1 idle=1
acl known proxy_auth REQUIRED
acl forbidden dstdomain forbidden.test
http_access deny forbidden
http_access allow CONNECT known
http_access deny all
hosts_file ${file('hosts', '127.0.0.1 localhost ledger.test forbidden.test\n')}
visible_hostname company
access_log none
cache_log /dev/null
cache_store_log none
cache deny all
pid_filename none
shutdown_lifetime 0 seconds
pinger_enable off
`,
  )
  // Started as root it goes on as another user.
  chmodSync(folder, 0o755)
  const squid = spawn('/usr/sbin/squid', ['-N', '-f', config], { stdio: 'ignore', cwd: folder })
  const ended = new Promise((resolve) => squid.once('exit', resolve))
  closing.push(async () => {
    squid.kill('SIGKILL')
    await ended
  })
  await until(
    () => accepts(port),
    15_000,
    () => `squid does not listen (exit ${squid.exitCode})`,
  )
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('lets requests through to its own reading of a name, and its refusals are told from the upstream’s', async () => {
  const upstream = await upstreamFor('ledger.test', 'forbidden.test')
  const password = randomText().hex(16)
  const port = await startSquid('billing', password)
  const hosts = ['ledger.test', 'forbidden.test', 'nowhere.test'].map((host) => `${host}:${upstream.port}`)
  const behind = (word: string) =>
    gatewayBehind(upstream, { https_proxy: `http://billing:${word}@127.0.0.1:${port}` }, '', hosts)
  const known = await behind(password)
  const answer = await known.curl(`https://ledger.test:${upstream.port}/v1/charges`, '-d', 'amount=1')
  expect([answer.status, answer.problem], answer.output).toEqual([0, undefined])
  expect(upstream.seen).toHaveLength(1)
  expect(upstream.seen[0]?.fields).toContain(`Bearer ${known.secret}`)
  expect((await known.curl(`https://forbidden.test:${upstream.port}/x`)).problem).toBe('PROXY_REFUSED')
  expect((await known.curl(`https://nowhere.test:${upstream.port}/x`)).problem).toBe('PROXY_FAILED')
  const unknown = await behind('wrong')
  const refused = await unknown.curl(`https://ledger.test:${upstream.port}/x`)
  expect(refused.problem).toBe('PROXY_REFUSED')
  expect(refused.output).toContain('wants another user name or password (407)')
  expect(upstream.seen).toHaveLength(1)
})
