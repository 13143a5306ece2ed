import { join } from 'node:path'
import { pathWithin, type Scanner, scannersFolder } from '../scanner.ts'

interface GitleaksFinding {
  readonly RuleID: string
  readonly File: string
  readonly StartLine: number
}

const module = 'github.com/zricethezav/gitleaks/v8'
const version = '8.30.1'

/** Its default rules, which it brings along; encoded text is decoded, as it does unless told otherwise. */
export const gitleaks: Scanner = {
  name: 'gitleaks',
  readings: ['code', 'text', 'history'],
  joinsFiles: false,
  program: 'gitleaks',
  versionArguments: ['version'],
  install: [
    [
      'env',
      `GOBIN=${join(scannersFolder, 'go')}`,
      'go',
      'install',
      `-ldflags=-X=${module}/version.Version=${version}`,
      `${module}@v${version}`,
    ],
  ],
  howToInstall: `go install ${module}@v${version}`,
  command: (program, { folder, reading, report }) => [
    program,
    reading === 'history' ? 'git' : 'dir',
    folder,
    '--no-banner',
    '--log-level=error',
    '--exit-code=0',
    '--report-format=json',
    `--report-path=${report}`,
  ],
  doneWith: [0],
  parse: (report, { folder }) =>
    (JSON.parse(report) as GitleaksFinding[]).map(({ RuleID, File, StartLine }) => ({
      file: pathWithin(folder, File),
      line: StartLine,
      rule: RuleID,
    })),
}
