import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'
import { installPythonPackages } from '../clients/install-python-packages.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { temporaryFolder, until } from '../support/sallyport.ts'
import { digest } from '../support/upstream.ts'

/** gRPC's own implementation (grpcio) on both ends; bytes for messages, and the digest of what authorized the call. */
const server = `
import grpc, hashlib, sys, time
from concurrent import futures
def seen(context):
    value = dict(context.invocation_metadata()).get('authorization', '')
    return hashlib.sha256(value.encode()).hexdigest().encode()
def unary(request, context):
    context.set_trailing_metadata((('x-trailing', 'yes'),))
    return seen(context) + b' ' + request
def refuse(request, context):
    context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, 'quota: 100% used')
def count(request, context):
    for i in range(int(request)):
        yield b'%d' % i
def total(requests, context):
    return b'%d' % sum(len(request) for request in requests)
def echo(requests, context):
    for request in requests:
        yield request
def slow(request, context):
    time.sleep(20)
    return b''
handlers = {
    'Unary': grpc.unary_unary_rpc_method_handler(unary),
    'Refuse': grpc.unary_unary_rpc_method_handler(refuse),
    'Count': grpc.unary_stream_rpc_method_handler(count),
    'Total': grpc.stream_unary_rpc_method_handler(total),
    'Echo': grpc.stream_stream_rpc_method_handler(echo),
    'Slow': grpc.unary_unary_rpc_method_handler(slow),
}
it = grpc.server(futures.ThreadPoolExecutor(max_workers=40))
it.add_generic_rpc_handlers((grpc.method_handlers_generic_handler('Ledger', handlers),))
credentials = grpc.ssl_server_credentials([(open('key.pem', 'rb').read(), open('chain.pem', 'rb').read())])
print(it.add_secure_port('127.0.0.1:0', credentials), flush=True)
it.start()
it.wait_for_termination()
`
const client = `
import grpc, json, os, sys, threading
from concurrent import futures
channel = grpc.secure_channel(os.environ['TARGET'], grpc.ssl_channel_credentials())
metadata = (('authorization', 'Bearer ' + os.environ['LEDGER_KEY']),)
results = {}
unary = channel.unary_unary('/Ledger/Unary')
answer, call = unary.with_call(b'hello', metadata=metadata, timeout=20)
results['unary'] = answer.decode()
results['trailing'] = dict(call.trailing_metadata()).get('x-trailing')
try:
    channel.unary_unary('/Ledger/Refuse')(b'', metadata=metadata, timeout=20)
except grpc.RpcError as error:
    results['refused'] = [error.code().name, error.details()]
try:
    channel.unary_unary('/Ledger/Nothing')(b'', metadata=metadata, timeout=20)
except grpc.RpcError as error:
    results['unknown'] = error.code().name
results['count'] = [int(item) for item in channel.unary_stream('/Ledger/Count')(b'50', metadata=metadata, timeout=20)]
parts = [b'x' * 100_000] * 30
results['total'] = int(channel.stream_unary('/Ledger/Total')(iter(parts), metadata=metadata, timeout=20))
# Each message is sent when the one before has come back: nothing on the way may wait for more.
turn = threading.Semaphore(1)
def ask():
    for i in range(20):
        turn.acquire()
        yield b'%d' % i
echoed = []
for item in channel.stream_stream('/Ledger/Echo')(ask(), metadata=metadata, timeout=20):
    echoed.append(int(item))
    turn.release()
results['echo'] = echoed
try:
    channel.unary_unary('/Ledger/Slow')(b'', metadata=metadata, timeout=0.3)
except grpc.RpcError as error:
    results['slow'] = error.code().name
with futures.ThreadPoolExecutor(20) as pool:
    results['parallel'] = len(set(pool.map(lambda i: unary(b'%d' % i, metadata=metadata, timeout=20), range(200))))
try:
    unary(b'', metadata=(('authorization', 'Bearer wrong'),), timeout=20)
except grpc.RpcError as error:
    results['wrong'] = error.code().name
print(json.dumps(results))
`

let python: string
let upstream: ChildProcess
let fixture: EgressFixture
const folder = temporaryFolder()

beforeAll(async () => {
  python = await installPythonPackages('http2')
  const authority = await createAuthority({ name: 'gRPC upstream CA' })
  const leaf = await issueCertificate(authority, { dns: ['ledger.test'], usages: 'server' })
  writeFileSync(join(folder, 'key.pem'), leaf.privateKeyPem)
  writeFileSync(join(folder, 'chain.pem'), leaf.chainPem)
  upstream = spawn(python, ['-c', server], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let port = ''
  upstream.stdout?.on('data', (chunk: Buffer) => {
    port += chunk
  })
  await until(
    () => port.endsWith('\n'),
    20_000,
    () => 'the gRPC server did not start',
  )
  fixture = await startEgress({
    upstream: { port: Number(port), caPem: authority.certificatePem, close: async () => void upstream.kill() },
  })
}, 300_000)
afterAll(() => fixture?.stop())

describe('gRPC through the door', () => {
  it('carries the key in its metadata, streams both ways, and brings back trailers and errors', async () => {
    const { stdout } = await promisify(execFile)(python, ['-c', client], {
      // All that the app was given, and which host it is to ask.
      env: { ...fixture.environment, TARGET: fixture.authority },
      timeout: 60_000,
    })
    expect(JSON.parse(stdout)).toEqual({
      unary: `${digest(`Bearer ${fixture.secret}`)} hello`,
      trailing: 'yes',
      refused: ['RESOURCE_EXHAUSTED', 'quota: 100% used'],
      unknown: 'UNIMPLEMENTED',
      count: Array.from({ length: 50 }, (_, i) => i),
      total: 3_000_000,
      echo: Array.from({ length: 20 }, (_, i) => i),
      slow: 'DEADLINE_EXCEEDED',
      parallel: 200,
      wrong: 'PERMISSION_DENIED',
    })
    const decided = fixture.audit().filter(({ path }) => path === '/Ledger/Unary')
    expect(decided.length).toBeGreaterThan(200)
    expect(readFileSync(join(fixture.folder, 'audit.jsonl'), 'utf8')).not.toContain(fixture.secret)
  }, 90_000)
})
