import { join } from 'node:path'
import { pathWithin, type Scanner } from '../scanner.ts'

interface SallyportReport {
  readonly findings: readonly {
    readonly rule: string
    readonly at: { readonly file?: string; readonly line?: number }
  }[]
}

/** The published bundle, as `npm run build` made it in the checkout at `root`; told all of what it finds. */
export function sallyport(root: string): Scanner {
  const bin = join(root, 'dist/sallyport.js')
  return {
    name: 'sallyport',
    readings: ['code', 'text', 'history'],
    joinsFiles: true,
    program: process.execPath,
    versionArguments: ['--disable-warning=ExperimentalWarning', bin, '--version'],
    install: [],
    howToInstall: 'npm run build',
    command: (program, { folder, reading, report, home }) => [
      program,
      '--disable-warning=ExperimentalWarning',
      bin,
      'scan',
      folder,
      ...(reading === 'history' ? ['--history'] : []),
      `--cache-dir=${cacheIn(home)}`,
      '--fail-on=never',
      `--format=json=${report}`,
    ],
    doneWith: [0],
    parse: (report, { folder }) =>
      (JSON.parse(report) as SallyportReport).findings.map(({ rule, at }) => ({
        file: at.file === undefined ? '' : pathWithin(folder, at.file),
        line: at.line ?? 0,
        rule,
      })),
  }
}

/** Removed before a run that is to be cold. */
export function cacheIn(home: string): string {
  return join(home, 'cache')
}
