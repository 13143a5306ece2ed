import { relative, resolve } from 'node:path'
import { readHost } from '../config/read-authority.ts'
import { SallyportError } from '../errors.ts'
import { ipOctets } from '../identity/ip-octets.ts'
import { initAuthority, issueInto, revokeIn } from '../identity/mint/authority-folder.ts'
import type { RevocationReason } from '../identity/mint/crl.ts'
import { parseSpiffeId } from '../identity/spiffe-id.ts'
import type { World } from './command.ts'

interface FolderFlags {
  readonly dir: string
  readonly format: 'text' | 'json'
}

export interface InitFlags extends FolderFlags {
  readonly name: string
  readonly days: number
  readonly ed25519: boolean
}

export interface IssueFlags extends FolderFlags {
  readonly client: boolean
  readonly server: boolean
  readonly spiffe?: string
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
  readonly name?: string
  readonly days?: number
  readonly ed25519: boolean
  readonly out: string
  readonly replace: boolean
}

export interface RevokeFlags extends FolderFlags {
  readonly reason: RevocationReason
}

export async function initCa(world: World, flags: InitFlags): Promise<void> {
  const folder = resolve(world.directory, flags.dir)
  const { files, authority } = await initAuthority(folder, {
    name: flags.name,
    days: daysOf(flags.days),
    algorithm: flags.ed25519 ? 'Ed25519' : 'P-256',
  })
  const shown = shownFrom(world)
  if (flags.format === 'json')
    return writeJson(world, {
      ...mapped(files, shown),
      serial: authority.serial,
      notAfter: authority.notAfter.toISOString(),
    })
  world.process.stdout.write(
    [
      `${shown(files.certificate)}  the CA "${flags.name}", until ${day(authority.notAfter)}: for whoever is to trust it`,
      `${shown(files.key)}  its private key, NOT ENCRYPTED, readable by you alone: keep it off the machines that serve`,
      `${shown(files.crl)}  its revocation list, empty`,
      `${shown(files.log)}  what it issued and revoked`,
      `next: sallyport ca issue --dir ${flags.dir} --server --dns localhost --out ${flags.dir}/server`,
      '',
    ].join('\n'),
  )
}

export async function issueCa(world: World, flags: IssueFlags): Promise<void> {
  const { client, server, spiffe, dns, ip, name } = flags
  if (!client && !server) throw usage('say what the certificate is for: --client, --server, or both')
  checkSpiffe(spiffe)
  if (server && !dns && !ip) throw usage('a server needs a name that its clients look for: --dns or --ip')
  if (!spiffe && !dns && !ip && !name) throw usage('name the client: --spiffe, --dns, or --name')
  const { certificate, key, minted } = await issueInto(resolve(world.directory, flags.dir), {
    // SPIFFE X.509-SVID 4.4: where extended key usage is there, it holds both.
    usages: (client && server) || spiffe !== undefined ? 'both' : client ? 'client' : 'server',
    ...(name === undefined ? {} : { subject: name }),
    ...(spiffe === undefined ? {} : { uris: [spiffe] }),
    ...(dns ? { dns: dns.map((text) => dnsName(text, server)) } : {}),
    ...(ip ? { ips: ip.map(address) } : {}),
    algorithm: flags.ed25519 ? 'Ed25519' : 'P-256',
    days: daysOf(flags.days ?? 30),
    isExact: flags.days !== undefined,
    out: resolve(world.directory, flags.out),
    replace: flags.replace,
  })
  const shown = shownFrom(world)
  if (flags.format === 'json')
    return writeJson(world, {
      certificate: shown(certificate),
      key: shown(key),
      serial: minted.serial,
      notAfter: minted.notAfter.toISOString(),
    })
  world.process.stdout.write(
    [
      `${shown(certificate)}  the certificate, until ${day(minted.notAfter)}, serial ${minted.serial}`,
      `${shown(key)}  its private key, not encrypted, readable by you alone`,
      '',
    ].join('\n'),
  )
}

export async function revokeCa(world: World, flags: RevokeFlags, which: string): Promise<void> {
  const isFile = !/^[0-9A-Fa-f:]+$/.test(which)
  const target = isFile ? resolve(world.directory, which) : which
  const { crl, serial, isNew, names } = await revokeIn(resolve(world.directory, flags.dir), target, flags.reason)
  const shown = shownFrom(world)(crl)
  if (flags.format === 'json') return writeJson(world, { serial, names, crl: shown, isNew })
  const who = `${serial} (${names.join(', ')})`
  world.process.stdout.write(
    isNew
      ? `revoked ${who}\n${shown}  the revocation list: give it to every door that trusts this CA\n`
      : `${who} was revoked before; ${shown} says so\n`,
  )
}

function checkSpiffe(text: string | undefined): void {
  const parsed = text === undefined ? undefined : parseSpiffeId(text)
  if (parsed && 'problem' in parsed) throw usage(`--spiffe ${text}: ${parsed.problem}`)
  if (parsed?.id.path === '') throw usage(`--spiffe ${text}: names no workload; add a path, such as ${text}/billing`)
}

function dnsName(text: string, isServer: boolean): string {
  const read = readHost(text, { wildcard: isServer })
  if ('problem' in read) throw usage(`--dns ${text}: ${read.problem}`)
  if (ipOctets(read.value.replace(/^\[|\]$/g, ''))) throw usage(`--dns ${text}: is an address; say --ip`)
  return read.value
}

function address(text: string): string {
  if (!ipOctets(text)) throw usage(`--ip ${text}: is not an IP address`)
  return text
}

function daysOf(days: number): number {
  if (Number.isFinite(days) && days > 0 && days <= 3650) return days
  throw usage('--days: is not a number of days above 0 and up to 3650')
}

function usage(message: string): SallyportError {
  return new SallyportError('CLI_USAGE', message)
}

/** Paths as the user would write them from where they are. */
function shownFrom(world: World): (path: string) => string {
  return (path) => {
    const near = relative(world.directory, path)
    return near.startsWith('..') ? path : near
  }
}

function mapped<T extends object>(files: T, shown: (path: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, path]) => [name, shown(String(path))]))
}

function writeJson(world: World, value: unknown): void {
  world.process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
