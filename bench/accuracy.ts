/**
 * What a scan finds in code that nobody wrote for it: `node bench/accuracy.ts [OPTIONS] FOLDER`. docs/scan-accuracy.md says
 * what is measured and how.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { accuracyText, judgementOf, readJudgements, type Scanned } from './accuracy-table.ts'

const usage = `node bench/accuracy.ts [OPTIONS] FOLDER
  FOLDER            one folder in it a package; each is scanned by itself with dist/sallyport.js (npm run build first)
  --only LIST       these packages
  --seconds N       for one package (60)
  --judged FILE     what was said of the findings (bench/accuracy-judged.tsv)
  --open FILE       write the findings of which nothing was said, in the form of that file
  --results FILE    keep what was counted of each package; what it holds is not scanned again
`

const outputBytesMax = 512 * 1024 * 1024
const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    judged: { type: 'string', default: join(root, 'bench/accuracy-judged.tsv') },
    open: { type: 'string' },
    results: { type: 'string' },
  },
})
const [folder] = positionals
const built = join(root, 'dist/sallyport.js')
const seconds = Number(values.seconds)
if (folder === undefined || !(seconds > 0) || !existsSync(built)) {
  process.stderr.write(existsSync(built) ? usage : 'there is no dist/sallyport.js; run npm run build first\n')
  process.exit(2)
}

const known: readonly Scanned[] =
  values.results !== undefined && existsSync(values.results) ? JSON.parse(readFileSync(values.results, 'utf8')) : []
const names = values.only?.split(',') ?? readdirSync(folder).sort()
const scanned: Scanned[] = []
for (const [index, name] of names.entries()) {
  const before = known.find((each) => each.name === name)
  if (!before) process.stderr.write(`${index + 1}/${names.length} ${name}\n`)
  scanned.push(before ?? scanPackage(resolve(folder), name))
  if (values.results !== undefined && !before) writeFileSync(values.results, JSON.stringify(scanned, undefined, 1))
}
const judgements = readJudgements(existsSync(values.judged) ? readFileSync(values.judged, 'utf8') : '')
process.stdout.write(accuracyText(scanned, judgements))
if (values.open !== undefined) writeFileSync(values.open, openLines(scanned))

/** As a user would, in the folder of all packages, so that paths and fingerprints are the same on every machine. */
function scanPackage(cwd: string, name: string): Scanned {
  const started = performance.now()
  const args = ['scan', '--untrusted', '--no-cache', '--no-ignore', '--format', 'json', '--fail-on', 'never', name]
  const { stdout, signal, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', built, ...args],
    {
      cwd,
      encoding: 'utf8',
      timeout: seconds * 1000,
      maxBuffer: outputBytesMax,
    },
  )
  const measured = { name, seconds: (performance.now() - started) / 1000 }
  const none = { ...measured, lines: 0, gaps: 0, findings: [] }
  if (signal !== null) return { ...none, failure: `more than ${seconds}` }
  if (status !== 0) return { ...none, failure: `exit ${status}` }
  return { ...measured, ...counted(JSON.parse(stdout)) }
}

interface Report {
  readonly findings: readonly {
    readonly rule: string
    readonly at: { readonly file: string; readonly line: number }
  }[]
  readonly measured: readonly { readonly label: string; readonly value: string }[]
  readonly gaps: readonly unknown[]
}

function counted({ findings, measured, gaps }: Report): Pick<Scanned, 'lines' | 'gaps' | 'findings'> {
  const lines = measured.find(({ label }) => label === 'lines')?.value ?? '0'
  return {
    lines: Number(lines.replace(/\D/g, '')),
    gaps: gaps.length,
    findings: findings.map(({ rule, at }) => ({ rule, place: `${at.file}:${at.line}` })),
  }
}

function openLines(all: readonly Scanned[]): string {
  return all
    .flatMap((each) =>
      each.findings
        .filter((found) => !judgementOf(judgements, found))
        .map(({ rule, place }) => `\t${rule}\t${place}\t\n`),
    )
    .join('')
}
