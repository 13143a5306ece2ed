import { execFileSync, spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/sallyport.ts'
import { gitClients } from './git-clients.ts'
import { type ClientDoor, gitToken, openDoor } from './open-door.ts'
import { proveClient, runProgram } from './prove-client.ts'

const folder = temporaryFolder()
const repositories = temporaryFolder()
let door: ClientDoor

const quiet = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder }, stdio: 'ignore' } as const

beforeAll(async () => {
  const bare = join(repositories, 'acme/app.git')
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare], quiet)
  execFileSync('git', ['-C', bare, 'config', 'http.receivepack', 'true'], quiet)
  execFileSync('git', ['clone', '-q', bare, 'first'], quiet)
  const commit = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', 'one']
  execFileSync('git', ['-C', 'first', ...commit], quiet)
  execFileSync('git', ['-C', 'first', 'push', '-q', 'origin', 'HEAD:main'], quiet)
  door = await openDoor([gitToken], { respond: serveGit, environment: { GIT_TERMINAL_PROMPT: '0' } })
})
afterAll(() => door?.stop())

/** git's own server (git-http-backend, a CGI program) behind Basic, as GitHub has it: 401 without the token. */
function serveGit(request: IncomingMessage, response: ServerResponse): void {
  const given = Buffer.from(/^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', 'base64').toString()
  if (!given.endsWith(`:${door.secrets.GITHUB_TOKEN}`)) {
    request.resume()
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end()
    return
  }
  const { pathname, search } = new URL(request.url ?? '', 'https://github.com')
  if (pathname.endsWith('/info/refs')) {
    door.upstream.seen.push({ method: 'GET', url: request.url ?? '', fields: request.rawHeaders, body: '' })
  }
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: repositories,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      ...(request.headers['content-length'] ? { CONTENT_LENGTH: request.headers['content-length'] } : {}),
      REMOTE_USER: 'x',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(backend.stdin)
  const chunks: Buffer[] = []
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  backend.on('close', () => {
    const whole = Buffer.concat(chunks)
    const end = whole.indexOf('\r\n\r\n')
    const fields = whole.toString('latin1', 0, end).split('\r\n')
    const status = fields.find((field) => field.startsWith('Status: '))?.slice(8, 11) ?? '200'
    const rest = fields.filter((field) => !field.startsWith('Status: ')).flatMap((field) => field.split(/: (.*)/, 2))
    response.writeHead(Number(status), rest).end(whole.subarray(end + 4))
  })
}

describe('git', () => {
  it.each(gitClients.clients)('$title: $means', async (client) => {
    const command = ['sh', '-c', client.shell]
    await proveClient(door, client, { preload: [], baseUrls: [], command, directory: folder })
  })

  it('pushes megabytes, and what it pushed comes back', async () => {
    const shell = `
set -e
url="https://x-access-token:$GITHUB_TOKEN@github.com/acme/app.git"
git clone -q "$url" pushed
cd pushed
head -c 3000000 /dev/urandom > large
git add large
git -c user.name=a -c user.email=a@example.com commit -q -m large
git push -q origin HEAD:main
git clone -q "$url" ../again
cmp large ../again/large
! grep -rqF "$GITHUB_TOKEN" large`
    const { code, output } = await runProgram(['sh', '-c', shell], folder, door.environment)
    expect(code, output).toBe(0)
  })

  it('is told no where the token is another', async () => {
    const wrong = { ...door.environment, GITHUB_TOKEN: `${door.environment.GITHUB_TOKEN}x` }
    const { code } = await runProgram(['sh', '-c', gitClients.clients[0]?.shell ?? ''], folder, wrong)
    expect(code).toBe(128)
  })
})
