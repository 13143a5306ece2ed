import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { SallyportError, systemCode } from '../../errors.ts'
import { parseCertificate } from '../certificate.ts'
import { readCertificates } from '../read-certificates.ts'
import {
  type CertificateOptions,
  createAuthority,
  issueCertificate,
  type KeyAlgorithm,
  type Minted,
} from './certificate.ts'
import { issueCrl, type RevocationReason } from './crl.ts'

/** The files of a certificate authority that a user keeps in a folder. */
export interface AuthorityFiles {
  readonly certificate: string
  /** PKCS #8, not encrypted, 0600. */
  readonly key: string
  readonly crl: string
  /** One JSON object a line for each certificate issued and each revoked; the revocation list is made from it. */
  readonly log: string
}

function authorityFiles(folder: string): AuthorityFiles {
  return {
    certificate: join(folder, 'ca.pem'),
    key: join(folder, 'ca.key'),
    crl: join(folder, 'ca.crl'),
    log: join(folder, 'ca-log.jsonl'),
  }
}

export interface IssuedRecord {
  readonly event: 'issued'
  readonly at: string
  readonly serial: string
  readonly usages: string
  readonly names: readonly string[]
  readonly notAfter: string
}

interface RevokedRecord {
  readonly event: 'revoked'
  readonly at: string
  readonly serial: string
  readonly reason: RevocationReason
}

type LogRecord = IssuedRecord | RevokedRecord

/**
 * Makes a root, its key, an empty revocation list and the log. Never replaces a file. Rejects with CA_INVALID when one
 * is there already, FILE_UNWRITABLE when one could not be written.
 */
export async function initAuthority(
  folder: string,
  options: { readonly name: string; readonly days: number; readonly algorithm: KeyAlgorithm },
): Promise<{ readonly files: AuthorityFiles; readonly authority: Minted }> {
  const files = authorityFiles(folder)
  for (const path of Object.values(files)) {
    if (existsSync(path))
      throw new SallyportError('CA_INVALID', `${path} is there already; a CA is never replaced: name another folder`)
  }
  const authority = await createAuthority({ ...options, pathLength: 0 })
  makeFolder(folder)
  // The key first: a certificate without it would look like a CA that can issue.
  writeNew(files.key, authority.privateKeyPem, 0o600)
  writeNew(files.certificate, authority.certificatePem, 0o644)
  writeNew(files.log, '', 0o600)
  await writeCrl(files, authority)
  return { files, authority }
}

/** The authority of a folder. Throws FILE_UNREADABLE or CA_INVALID. */
function openAuthority(folder: string): { readonly files: AuthorityFiles; readonly authority: Minted } {
  const files = authorityFiles(folder)
  const { certificates, problems } = readCertificates(read(files.certificate).toString('latin1'))
  const [problem] = problems
  const [certificate] = certificates
  if (problem || !certificate) {
    throw new SallyportError(
      'CA_INVALID',
      `${files.certificate}:${problem?.line ?? 1} ${problem?.says ?? 'holds no certificate'}`,
    )
  }
  const key = read(files.key)
  try {
    const privateKey = createPrivateKey({ key, format: 'pem' })
    const certificatePem = new X509Certificate(certificate.der).toString()
    if (!new X509Certificate(certificate.der).checkPrivateKey(privateKey))
      throw new SallyportError('CA_INVALID', `${files.key} is not the key of ${files.certificate}`)
    const authority = {
      certificatePem,
      certificateDer: certificate.der,
      chainPem: certificatePem,
      rootPem: certificatePem,
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      privateKey,
      serial: certificate.serialHex,
      notBefore: new Date(certificate.notBeforeMs),
      notAfter: new Date(certificate.notAfterMs),
    }
    return { files, authority }
  } catch (error) {
    if (error instanceof SallyportError) throw error
    // Without the cause: OpenSSL's messages can quote what they were given.
    throw new SallyportError('CA_INVALID', `${files.key} holds no private key that can be read without a passphrase`)
  } finally {
    key.fill(0)
  }
}

export interface IssueRequest extends Pick<CertificateOptions, 'subject' | 'dns' | 'uris' | 'ips' | 'algorithm'> {
  readonly usages: 'client' | 'server' | 'both'
  readonly days: number
  /** `days` was asked for by the user, and is not shortened to the authority's own end. */
  readonly isExact: boolean
  /** Path without its ending: `.pem` and `.key` are added. */
  readonly out: string
  /** Replaces files of that name. */
  readonly replace: boolean
}

/** Issues a certificate, writes chain and key (0600), and logs it. Rejects with CA_INVALID or FILE_UNWRITABLE. */
export async function issueInto(
  folder: string,
  request: IssueRequest,
): Promise<{ readonly certificate: string; readonly key: string; readonly minted: Minted }> {
  const { files, authority } = openAuthority(folder)
  const { out, replace, isExact, days, usages, ...names } = request
  const [certificate, key] = [`${out}.pem`, `${out}.key`]
  for (const path of [certificate, key]) {
    if (Object.values(files).includes(path))
      throw new SallyportError('CA_INVALID', `${path} is a file of the CA itself; name another with --out`)
    if (!replace && existsSync(path))
      throw new SallyportError('CA_INVALID', `${path} is there already; name another with --out, or say --replace`)
  }
  const notAfter = endOf(authority, days, isExact)
  const minted = await issueCertificate(authority, { ...names, usages, notAfter })
  makeFolder(dirname(out))
  // Logged before it is given out: a certificate that nobody knows of could not be revoked.
  append(files.log, {
    event: 'issued',
    at: new Date().toISOString(),
    serial: minted.serial,
    usages,
    names: [
      ...(names.uris ?? []),
      ...(names.dns ?? []),
      ...(names.ips ?? []),
      ...(typeof names.subject === 'string' ? [names.subject] : []),
    ],
    notAfter: notAfter.toISOString(),
  })
  const write = replace ? writeReplacing : writeNew
  write(key, minted.privateKeyPem, 0o600)
  write(certificate, minted.chainPem, 0o644)
  return { certificate, key, minted }
}

function endOf(authority: Minted, days: number, isExact: boolean): Date {
  const end = new Date(Date.now() + days * 86_400_000)
  const left = authority.notAfter.getTime() - Date.now()
  if (left <= 0)
    throw new SallyportError(
      'CA_INVALID',
      `the CA expired on ${authority.notAfter.toISOString()}; make another with ca init`,
    )
  if (end <= authority.notAfter) return end
  if (!isExact) return authority.notAfter
  throw new SallyportError(
    'CA_INVALID',
    `the CA itself ends on ${authority.notAfter.toISOString()}; ask for at most ${Math.floor(left / 86_400_000)} days`,
  )
}

/**
 * Revokes a certificate by its file or its serial number, and writes the revocation list anew, whole or not at all.
 * Rejects with CA_INVALID when the CA has not issued it.
 */
export async function revokeIn(
  folder: string,
  which: string,
  reason: RevocationReason,
): Promise<{
  readonly crl: string
  readonly serial: string
  readonly isNew: boolean
  readonly names: readonly string[]
}> {
  const { files, authority } = openAuthority(folder)
  const serial = serialOf(which, authority)
  const log = readLog(files.log)
  const issued = log.find((record) => record.event === 'issued' && record.serial === serial)
  if (issued?.event !== 'issued')
    throw new SallyportError('CA_INVALID', `${which} is not in ${files.log}: this CA has not issued it`)
  const isNew = !log.some((record) => record.event === 'revoked' && record.serial === serial)
  if (isNew) append(files.log, { event: 'revoked', at: new Date().toISOString(), serial, reason })
  await writeCrl(files, authority)
  return { crl: files.crl, serial, isNew, names: issued.names }
}

function serialOf(which: string, authority: Minted): string {
  const digits = which.replaceAll(':', '').toLowerCase()
  if (/^[0-9a-f]{1,42}$/.test(digits) && !existsSync(which)) {
    const even = digits.length % 2 === 1 ? `0${digits}` : digits
    return even.replace(/^(?:00)+(?=..)/, '')
  }
  const { certificates } = readCertificates(read(which).toString('latin1'))
  const [certificate] = certificates
  const parsed = parseCertificate(authority.certificateDer)
  const isOurs =
    certificate &&
    'certificate' in parsed &&
    new X509Certificate(certificate.der).verify(new X509Certificate(authority.certificateDer).publicKey)
  if (!isOurs) throw new SallyportError('CA_INVALID', `${which} holds no certificate that this CA has issued`)
  return certificate.serialHex
}

/** The list lives as long as the authority: it is a file beside it, and one that runs out refuses everybody. */
async function writeCrl(files: AuthorityFiles, authority: Minted): Promise<void> {
  for (;;) {
    const revoked = revokedIn(readLog(files.log))
    const crl = await issueCrl(authority, {
      revoked: revoked.map(({ serial, at, reason }) => ({ serial, at: new Date(at), reason })),
      number: revoked.length + 1,
      nextUpdate: authority.notAfter,
    })
    writeReplacing(files.crl, crl, 0o644)
    // Another revocation may have been logged meanwhile, and its list replaced by ours.
    if (revokedIn(readLog(files.log)).length === revoked.length) return
  }
}

function revokedIn(log: readonly LogRecord[]): readonly RevokedRecord[] {
  const revoked = new Map<string, RevokedRecord>()
  for (const record of log)
    if (record.event === 'revoked' && !revoked.has(record.serial)) revoked.set(record.serial, record)
  return [...revoked.values()]
}

function readLog(path: string): readonly LogRecord[] {
  const records: LogRecord[] = []
  for (const [i, line] of read(path).toString('utf8').split('\n').entries()) {
    if (line === '') continue
    const record = recordFrom(line)
    if (!record)
      throw new SallyportError(
        'CA_INVALID',
        `${path}:${i + 1} is damaged; what was revoked could be lost, so restore the file`,
      )
    records.push(record)
  }
  return records
}

const reasons: readonly string[] = ['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation']

function recordFrom(line: string): LogRecord | undefined {
  let record: Partial<Record<string, unknown>>
  try {
    record = JSON.parse(line)
  } catch {
    return undefined
  }
  const { event, at, serial, reason, names } = record ?? {}
  const isRecord = typeof serial === 'string' && /^[0-9a-f]+$/.test(serial) && !Number.isNaN(Date.parse(String(at)))
  if (isRecord && event === 'issued' && Array.isArray(names)) return record as unknown as IssuedRecord
  if (isRecord && event === 'revoked' && reasons.includes(String(reason))) return record as unknown as RevokedRecord
  return undefined
}

function append(path: string, record: LogRecord): void {
  try {
    appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true })
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const missing =
      systemCode(cause) === 'ENOENT'
        ? 'is not there; make the CA with ca init, or check the path'
        : `could not be read (${systemCode(cause)})`
    throw new SallyportError('FILE_UNREADABLE', `${path} ${missing}`, { cause })
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** Appears with its whole content, and only where no file is. */
function writeNew(path: string, content: string, mode: number): void {
  writeThrough(path, content, mode, linkSync)
}

function writeReplacing(path: string, content: string, mode: number): void {
  writeThrough(path, content, mode, renameSync)
}

function writeThrough(path: string, content: string, mode: number, put: (draft: string, path: string) => void): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, content, { mode, flag: 'wx', flush: true })
    put(draft, path)
    syncFolder(dirname(path))
  } catch (cause) {
    throw unwritable(path, cause)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The name of a file is on the disk only when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function unwritable(path: string, cause: unknown): SallyportError {
  return new SallyportError('FILE_UNWRITABLE', `${path} could not be written (${systemCode(cause)})`, { cause })
}
