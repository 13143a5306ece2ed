import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Installed, type Scanner, scannersFolder } from './scanner.ts'
import { brakeman } from './scanners/brakeman.ts'
import { detectSecrets } from './scanners/detect-secrets.ts'
import { gitleaks } from './scanners/gitleaks.ts'
import { kingfisher } from './scanners/kingfisher.ts'
import { ripgrep } from './scanners/ripgrep.ts'
import { semgrep } from './scanners/semgrep.ts'
import { trufflehog } from './scanners/trufflehog.ts'

/** All that Sallyport is measured beside. */
export const peerScanners: readonly Scanner[] = [
  brakeman,
  semgrep,
  kingfisher,
  gitleaks,
  trufflehog,
  detectSecrets,
  ripgrep,
]

export interface FoundScanner extends Installed {
  readonly scanner: Scanner
}

/** Those of the names that are installed; `absent` says of each other one how to have it. */
export function chooseScanners(
  names: readonly string[],
  find: (scanner: Scanner) => Installed | undefined,
): { found: readonly FoundScanner[]; absent: readonly string[] } {
  const found: FoundScanner[] = []
  const absent: string[] = []
  for (const scanner of peerScanners) {
    if (!names.includes(scanner.name)) continue
    const installed = find(scanner)
    if (installed) found.push({ scanner, ...installed })
    else absent.push(`${scanner.name} is not installed: nothing was compared with it (${scanner.howToInstall})`)
  }
  return { found, absent }
}

/**
 * Installs those of the names that are missing, each by its own registry; `failed` says why one could not be. What does
 * not belong to the system goes into the ignored folder.
 */
export function installScanners(
  names: readonly string[],
  find: (scanner: Scanner) => Installed | undefined,
  say: (text: string) => void,
): { failed: readonly string[] } {
  const failed: string[] = []
  for (const scanner of peerScanners) {
    if (!names.includes(scanner.name) || find(scanner)) continue
    say(`installing ${scanner.name}`)
    const reason = run(scanner.install)
    if (reason !== undefined) failed.push(`${scanner.name} could not be installed: ${reason}`)
  }
  return { failed }
}

function run(commands: readonly (readonly string[])[]): string | undefined {
  const python = join(scannersFolder, 'python')
  mkdirSync(scannersFolder, { recursive: true })
  for (const [program = '', ...args] of [
    ...(commands.some(([first]) => first?.startsWith(python)) ? [['python3', '-m', 'venv', python]] : []),
    ...commands,
  ]) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: installMsMax })
    if (status !== 0) return error?.message ?? (stderr.trim().split('\n').at(-1) || `${program} ended with ${status}`)
  }
  return undefined
}

const installMsMax = 900_000
