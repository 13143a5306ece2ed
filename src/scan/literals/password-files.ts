import { worthOf } from './judge-value.ts'
import { isPasswordHash } from './refers-elsewhere.ts'
import type { Candidate, Detector, Search } from './search.ts'

/** A file that programs read passwords from, by its name: where in it they stand. */
interface PasswordFile {
  readonly name: RegExp
  readonly rule: Candidate['rule']
  readonly title: string
  /** The secret is what its first group takes; a line at a time. */
  readonly form: RegExp
  /** Whether a digest of a password is what the file is for. */
  readonly isHashed?: boolean
}

const files: readonly PasswordFile[] = [
  {
    name: /(?:^|\/)(?:config\/(?:master|credentials\/[\w-]+)|master)\.key$/,
    rule: 'master-key-committed',
    title: 'Rails master key',
    form: /^([0-9a-f]{32})\s*$/,
  },
  {
    name: /(?:^|\/)[._]netrc$/,
    rule: 'password-file',
    title: 'password of a .netrc file',
    form: /(?:^|\s)password\s+(\S{4,200})/,
  },
  {
    name: /(?:^|\/)\.?pgpass(?:\.conf)?$/,
    rule: 'password-file',
    title: 'password of a .pgpass file',
    form: /^[^#:\n]{1,200}:[^:\n]{1,10}:[^:\n]{1,100}:[^:\n]{1,100}:(\S{4,200})/,
  },
  {
    name: /(?:^|\/)\.?htpasswd$/,
    rule: 'password-file',
    title: 'password digest of a .htpasswd file',
    form: /^[^#:\s]{1,100}:(\S{8,200})/,
    isHashed: true,
  },
  {
    name: /(?:^|\/)\.(?:vault|terraform|npm)-token$|(?:^|\/)\.vault_pass(?:\.txt)?$/,
    rule: 'password-file',
    title: 'token that is the file',
    form: /^(\S{8,200})\s*$/,
  },
]

/** Files that are there to be read by one program, and hold its user's password. */
export function isPasswordFile(path: string): boolean {
  return /(?:^|\/)(?:[._]netrc|\.?pgpass(?:\.conf)?|\.?htpasswd|\.npmrc|\.pypirc|\.git-credentials|\.dockercfg|\.docker\/config\.json|\.s3cfg|\.my\.cnf|\.boto|\.gem\/credentials|\.aws\/credentials|\.m2\/settings\.xml|\.cargo\/credentials(?:\.toml)?|\.composer\/auth\.json|auth\.json|\.remote-sync\.json|\.ftpconfig|sftp(?:-config)?\.json)$/.test(
    path,
  )
}

/** So much of such a file is read. */
const fileBytesMax = 262_144

export const passwordFiles: Detector = {
  words: [],
  readsBinary: false,
  begin(search) {
    const file = files.find(({ name }) => name.test(search.path))
    if (file) readFile(search, file)
    return () => {}
  },
}

function readFile(search: Search, { form, rule, title, isHashed = false }: PasswordFile): void {
  const text = search.bytes.toString('latin1', 0, fileBytesMax)
  let at = 0
  for (const line of text.split('\n')) {
    const found = form.exec(line)
    const secret = found?.[1]
    if (found && secret !== undefined) {
      const hashed = isPasswordHash(secret)
      if (search.isLenient || (isHashed ? hashed || worthOf(secret) !== 'none' : worthOf(secret) !== 'none')) {
        const start =
          at +
          found.index +
          found[0].indexOf(secret, found[0].length - secret.length - (found[0].length - found[0].trimEnd().length))
        search.report({ rule, title, start, end: start + secret.length, secret, ...weightOf(search, rule, hashed) })
      }
    }
    at += line.length + 1
  }
}

function weightOf(
  search: Search,
  rule: Candidate['rule'],
  isHash: boolean,
): Pick<Candidate, 'severity' | 'confidence'> {
  const { isTest, isExample, isDocumentation } = search.setting
  if (isTest || isExample || isDocumentation) return { severity: 'low', confidence: 'tentative' }
  if (isHash) return { severity: 'medium', confidence: 'firm' }
  return { severity: rule === 'master-key-committed' ? 'critical' : 'high', confidence: 'certain' }
}
