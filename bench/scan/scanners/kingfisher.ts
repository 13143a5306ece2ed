import { join } from 'node:path'
import { pathWithin, type Scanner, scannersFolder } from '../scanner.ts'

interface KingfisherReport {
  readonly findings: readonly {
    readonly rule: { readonly id: string }
    readonly finding: { readonly path: string; readonly line: number }
  }[]
}

/** All of its rules, without asking the issuers whether a key is live. Its compiled rules are kept between runs. */
export const kingfisher: Scanner = {
  name: 'kingfisher',
  readings: ['code', 'text', 'history'],
  joinsFiles: false,
  program: 'kingfisher',
  versionArguments: ['--version'],
  install: [[join(scannersFolder, 'python/bin/pip'), 'install', '--quiet', 'kingfisher-bin==2.14.0']],
  howToInstall: 'pip install kingfisher-bin',
  command: (program, { folder, reading, report, home }) => [
    program,
    'scan',
    folder,
    '--quiet',
    '--no-validate',
    '--no-update-check',
    '--no-dedup',
    `--rule-cache-dir=${join(home, 'rules')}`,
    `--git-history=${reading === 'history' ? 'full' : 'none'}`,
    '--format=json',
    `--output=${report}`,
  ],
  // 200: it found something.
  doneWith: [0, 200],
  parse: (report, { folder }) =>
    (JSON.parse(report) as KingfisherReport).findings.map(({ rule, finding }) => ({
      file: pathWithin(folder, finding.path),
      line: finding.line,
      rule: rule.id,
    })),
}
