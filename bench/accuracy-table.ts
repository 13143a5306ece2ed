/** What a scan of one package gave: what of its report is counted. */
export interface Scanned {
  readonly name: string
  readonly seconds: number
  readonly lines: number
  readonly gaps: number
  readonly findings: readonly Found[]
  /** Why there is no report. */
  readonly failure?: string
}

export interface Found {
  readonly rule: string
  readonly place: string
}

/** What somebody who has read the code says of a finding; `kind`: what sort of mistake it is. */
export interface Judgement {
  readonly verdict: 'right' | 'wrong'
  readonly kind: string
}

export type Judgements = ReadonlyMap<string, Judgement>

const slowSeconds = 5

/** Lines of verdict, rule, place and kind with tabs between them; `#` begins a comment. */
export function readJudgements(text: string): Judgements {
  const judgements = new Map<string, Judgement>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue
    const [verdict, rule, place, kind = ''] = line.split('\t')
    if ((verdict !== 'right' && verdict !== 'wrong') || place === undefined)
      throw new Error(`line ${index + 1} of the judgements: "${line}"`)
    judgements.set(`${rule} ${place}`, { verdict, kind })
  }
  return judgements
}

export function judgementOf(judgements: Judgements, { rule, place }: Found): Judgement | undefined {
  return judgements.get(`${rule} ${place}`)
}

/** The whole as Markdown: sums, a row a rule, the kinds of mistakes, and the packages that were slow or could not be scanned. */
export function accuracyText(scanned: readonly Scanned[], judgements: Judgements): string {
  const read = scanned.filter(({ failure }) => failure === undefined)
  const lines = sum(read.map((each) => each.lines))
  const findings = sum(read.map((each) => each.findings.length))
  const perLines = lines === 0 ? 0 : (findings / lines) * 10_000
  const gaps = sum(read.map((each) => each.gaps))
  return `${[
    `${count(read.length)} packages, ${count(lines)} lines, ${count(findings)} findings: ${perLines.toFixed(2)} for each 10,000 lines. Gaps: ${count(gaps)}; packages without a report: ${scanned.length - read.length}.`,
    ruleTable(read, judgements),
    ...mistakes(read, judgements),
    ...slowPackages(scanned),
  ].join('\n\n')}\n`
}

function ruleTable(scanned: readonly Scanned[], judgements: Judgements): string {
  const rows = new Map<string, { right: number; wrong: number; open: number }>()
  const all = { right: 0, wrong: 0, open: 0 }
  for (const each of scanned)
    for (const found of each.findings) {
      const row = rows.get(found.rule) ?? { right: 0, wrong: 0, open: 0 }
      rows.set(found.rule, row)
      const verdict = judgementOf(judgements, found)?.verdict ?? 'open'
      row[verdict]++
      all[verdict]++
    }
  const sorted = [...rows].sort(([a, x], [b, y]) => total(y) - total(x) || (a < b ? -1 : 1))
  return [
    '| rule | findings | right | wrong | not looked at |',
    '|---|---|---|---|---|',
    ...[...sorted, ['all', all] as const].map(
      ([rule, row]) => `| ${rule} | ${total(row)} | ${row.right} | ${row.wrong} | ${row.open} |`,
    ),
  ].join('\n')
}

function total({
  right,
  wrong,
  open,
}: {
  readonly right: number
  readonly wrong: number
  readonly open: number
}): number {
  return right + wrong + open
}

function mistakes(scanned: readonly Scanned[], judgements: Judgements): string[] {
  const kinds = new Map<string, number>()
  for (const each of scanned)
    for (const found of each.findings) {
      const { verdict, kind } = judgementOf(judgements, found) ?? {}
      if (verdict === 'wrong' && kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
  if (kinds.size === 0) return []
  const sorted = [...kinds].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return [
    ['| what is wrong | findings |', '|---|---|', ...sorted.map(([kind, many]) => `| ${kind} | ${many} |`)].join('\n'),
  ]
}

function slowPackages(scanned: readonly Scanned[]): string[] {
  const told = scanned.filter(({ seconds, failure }) => seconds > slowSeconds || failure !== undefined)
  if (told.length === 0) return []
  const rows = told
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ name, seconds, lines, failure }) => `| ${name} | ${failure ?? seconds.toFixed(1)} | ${count(lines)} |`)
  return [['| package | seconds | lines |', '|---|---|---|', ...rows].join('\n')]
}

function count(many: number): string {
  return many.toLocaleString('en-US')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0)
}
