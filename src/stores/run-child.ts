import { spawn } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, errorCodes, SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'

export interface ChildOptions {
  /** The Node that runs the child. */
  readonly execPath: string
  readonly execArgv: readonly string[]
  readonly timeoutMs?: number
}

/**
 * What StoreWorld.child promises. The answer comes masked by a one-time pad that goes to the child with the request:
 * Node reads a pipe into blocks that it shrinks by copying and frees unwiped, and what stays there is noise without the
 * pad.
 */
export async function runChild(
  entry: URL,
  request: unknown,
  bytesMax: number,
  signal: AbortSignal,
  options: ChildOptions,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const release = await enter(signal)
  try {
    return await ask(entry, request, bytesMax, signal, options)
  } finally {
    release()
  }
}

async function ask(
  entry: URL,
  request: unknown,
  bytesMax: number,
  signal: AbortSignal,
  options: ChildOptions,
): Promise<Uint8Array> {
  const { execPath, execArgv, timeoutMs = limits.storeTimeoutMs } = options
  const pad = secretBytes(bytesMax)
  randomFillSync(pad)
  const answer = secretBytes(bytesMax)
  const child = spawn(execPath, [...execArgv, fileURLToPath(entry)], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let length = 0
  let complaint = ''
  let failure: SallyportError | undefined
  const fail = (code: ErrorCode, message: string) => {
    failure ??= new SallyportError(code, message)
    child.kill('SIGKILL')
  }
  const onAbort = () => child.kill('SIGKILL')
  const timer = setTimeout(
    () => fail('STORE_UNREACHABLE', `the store's reader did not answer within ${timeoutMs} ms; try again`),
    timeoutMs,
  )
  signal.addEventListener('abort', onAbort)
  try {
    child.stdout.on('data', (chunk: Buffer) => {
      if (length + chunk.length > bytesMax)
        fail('STORE_KEY_INVALID', `the store's reader answered with more than ${bytesMax} bytes; that is not a key`)
      else for (const byte of chunk) answer[length] = byte ^ (pad[length++] as number)
      wipe(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 8_192) complaint += chunk.toString('utf8')
    })
    // A child that ends before it has read everything: its exit says why.
    child.stdin.on('error', () => undefined)
    child.stdin.write(`${JSON.stringify(request)}\n`)
    child.stdin.end(pad)
    const exit = await new Promise<number | undefined>((resolve) => {
      child.on('error', () => fail('STORE_UNREACHABLE', `the store's reader could not be started (${execPath})`))
      child.on('error', () => resolve(undefined))
      child.on('close', (code) => resolve(code ?? undefined))
    })
    signal.throwIfAborted()
    if (failure) throw failure
    if (exit !== 0) throw errorOf(complaint)
    const result = secretBytes(length)
    for (let i = 0; i < length; i++) result[i] = answer[i] as number
    return result
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    wipe(answer)
    wipe(pad)
  }
}

/** What the child wrote, if it is an error of ours. */
function errorOf(complaint: string): SallyportError {
  try {
    const { code, message } = JSON.parse(complaint) as { code: ErrorCode; message: string }
    if (errorCodes.includes(code) && typeof message === 'string') return new SallyportError(code, message)
  } catch {
    // Not ours: what a crashed process writes may hold anything, so nothing of it is repeated.
  }
  return new SallyportError(
    'STORE_UNREACHABLE',
    'the store’s reader ended before it answered; try again, and report it if it stays',
  )
}

let running = 0
const waiting: (() => void)[] = []

/** Waits until fewer than `childrenMax` run; resolves to what ends this one's turn. */
async function enter(signal: AbortSignal): Promise<() => void> {
  if (running >= limits.childrenMax) {
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      const onAbort = () => {
        waiting.splice(waiting.indexOf(start), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort)
      waiting.push(start)
    })
  } else running++
  return () => {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
