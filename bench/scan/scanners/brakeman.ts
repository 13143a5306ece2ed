import { pathWithin, type Scanner } from '../scanner.ts'

interface BrakemanReport {
  readonly warnings: readonly { readonly warning_type: string; readonly file: string; readonly line: number | null }[]
}

/** All of its checks, also the optional ones, on whatever it takes for a Rails app. */
export const brakeman: Scanner = {
  name: 'brakeman',
  readings: ['code'],
  joinsFiles: true,
  program: 'brakeman',
  versionArguments: ['--version'],
  install: [['gem', 'install', '--no-document', 'brakeman']],
  howToInstall: 'gem install brakeman; it is in no registry but that of gems',
  command: (program, { folder, report }) => [
    program,
    '--force-scan',
    '--run-all-checks',
    '--quiet',
    '--no-pager',
    '--no-progress',
    '--no-exit-on-warn',
    '--no-exit-on-error',
    '--format=json',
    `--output=${report}`,
    folder,
  ],
  doneWith: [0],
  parse: (report, { folder }) =>
    (JSON.parse(report) as BrakemanReport).warnings.map(({ warning_type, file, line }) => ({
      file: pathWithin(folder, file),
      line: line ?? 0,
      rule: warning_type,
    })),
}
