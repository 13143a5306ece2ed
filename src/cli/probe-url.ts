import { X509Certificate } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Credential } from '../probe/exchange.ts'
import { type ProbeReport, probeService } from '../probe/probe-service.ts'
import { wipe } from '../secret/masked.ts'
import { askHidden } from './ask-hidden.ts'
import type { World } from './command.ts'
import { prepareReport } from './finish-report.ts'
import type { ReportFlags } from './report-flags.ts'

export interface ProbeFlags extends ReportFlags {
  readonly cert?: string
  readonly key?: string
  readonly ca?: string
  readonly clientCa?: string
  readonly caKey?: string
  readonly routes?: readonly string[]
  readonly canaryFile?: string
  readonly canaryStdin: boolean
  readonly timeout: string
  readonly totalTimeout: string
}

/** A shorter one would be found by chance. */
const canaryBytesMin = 8

export async function probeUrl(world: World, flags: ProbeFlags, url: string): Promise<void> {
  let isShown = true
  const finish = (code: number) => world.finish(code === 0 && !isShown ? 2 : code)
  const finishReport = await prepareReport({ ...world, finish }, flags)
  const good = readCredential(world, flags.cert, flags.key, '--cert', '--key')
  const clientCa = readCredential(world, flags.clientCa, flags.caKey, '--client-ca', '--ca-key')
  const serverCa = flags.ca === undefined ? undefined : readCertificates(world, flags.ca)
  const canary = await readCanary(world, flags)
  const report = await probeService({
    url,
    ...(flags.routes ? { routes: flags.routes } : {}),
    ...(good ? { good } : {}),
    ...(clientCa ? { clientCa } : {}),
    ...(serverCa === undefined ? {} : { serverCa }),
    ...(canary ? { canary } : {}),
    timeoutMs: milliseconds(flags.timeout, '--timeout'),
    totalTimeoutMs: milliseconds(flags.totalTimeout, '--total-timeout'),
  })
  if (canary) wipe(canary)
  isShown = isProved(report, good)
  finishReport(report)
}

/** A probe that got no answer, or that was given what the proof needs and could not reach it, has not done its work. */
function isProved(report: ProbeReport, good: Credential | undefined): boolean {
  return report.answered > 0 && (report.verdict !== 'inconclusive' || good === undefined)
}

/** A file may hold both: then the key's own option may be left out. */
function readCredential(
  world: World,
  certificateFile: string | undefined,
  keyFile: string | undefined,
  certificateOption: string,
  keyOption: string,
): Credential | undefined {
  if (certificateFile === undefined) {
    if (keyFile !== undefined) throw usage(`${keyOption} needs ${certificateOption}`)
    return undefined
  }
  const certificate = readText(world, certificateFile)
  const key = keyFile === undefined ? certificate : readText(world, keyFile)
  if (!key.includes('PRIVATE KEY-----')) {
    throw usage(`${certificateOption} needs ${keyOption}: ${keyFile ?? certificateFile} holds no private key`)
  }
  return { certificate, key }
}

/** Node takes an empty bundle for “the public roots”, so one without a certificate is refused. */
function readCertificates(world: World, name: string): string {
  const text = readText(world, name)
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  try {
    for (const block of blocks) new X509Certificate(block)
    if (blocks.length > 0) return text
  } catch (cause) {
    throw new SallyportError('CERTIFICATE_INVALID', `${name}: holds a damaged certificate`, { cause })
  }
  throw new SallyportError('CERTIFICATE_INVALID', `${name}: holds no certificate in PEM form`)
}

async function readCanary(world: World, flags: ProbeFlags): Promise<Uint8Array | undefined> {
  if (flags.canaryFile !== undefined && flags.canaryStdin)
    throw usage('--canary-file and --canary-stdin exclude each other')
  let bytes: Uint8Array | undefined
  if (flags.canaryFile !== undefined) bytes = readBytes(world, flags.canaryFile, limits.keyBytesMax)
  else if (flags.canaryStdin) bytes = await askHidden(world, 'Canary (not shown): ')
  else return undefined
  const canary = withoutLineEnd(bytes ?? new Uint8Array(0))
  if (canary.length >= canaryBytesMin && canary.length <= limits.keyBytesMax) return canary
  throw usage(`the canary must have ${canaryBytesMin} to ${limits.keyBytesMax} bytes; it has ${canary.length}`)
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--
  return bytes.subarray(0, end)
}

function readText(world: World, name: string): string {
  return Buffer.from(readBytes(world, name, limits.certificateFileBytesMax)).toString('utf8')
}

/** Bounded: what is named may be a device that never ends. */
function readBytes(world: World, name: string, bytesMax: number): Uint8Array {
  let descriptor: number | undefined
  try {
    descriptor = openSync(resolve(world.directory, name), 'r')
    const buffer = Buffer.alloc(Math.min(bytesMax + 1, limits.certificateFileBytesMax + 1))
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null)
    }
    if (length <= bytesMax) return buffer.subarray(0, length)
  } catch (cause) {
    throw new SallyportError('FILE_UNREADABLE', `${name}: could not be read (${systemCode(cause)})`, { cause })
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
  throw new SallyportError('FILE_UNREADABLE', `${name}: is larger than ${bytesMax} bytes`)
}

function milliseconds(text: string, option: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 3_600) return seconds * 1_000
  throw usage(`${option} takes seconds, more than 0 and at most 3600`)
}

function usage(message: string): SallyportError {
  return new SallyportError('CLI_USAGE', message)
}
