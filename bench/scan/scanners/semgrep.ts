import { join } from 'node:path'
import { pathWithin, type Scanner, scannersFolder } from '../scanner.ts'

interface SemgrepReport {
  readonly results: readonly {
    readonly check_id: string
    readonly path: string
    readonly start: { readonly line: number }
  }[]
}

/**
 * With rules of ours in its taint mode: its registry's need a connection, and no package of the usual registries holds
 * them. `SEMGREP_RULES` names a folder of other ones.
 */
export const semgrep: Scanner = {
  name: 'semgrep',
  readings: ['code'],
  joinsFiles: false,
  program: 'semgrep',
  versionArguments: ['--version'],
  install: [[join(scannersFolder, 'python/bin/pip'), 'install', '--quiet', 'semgrep==1.185.0']],
  howToInstall: 'pip install semgrep',
  command: (program, { folder, report }) => [
    program,
    'scan',
    '--metrics=off',
    '--disable-version-check',
    '--quiet',
    '--no-git-ignore',
    '--max-target-bytes=0',
    // By its own list it leaves out folders that are called test or vendor.
    '--x-ignore-semgrepignore-files',
    `--config=${process.env.SEMGREP_RULES ?? join(import.meta.dirname, '../semgrep.yaml')}`,
    '--json',
    `--output=${report}`,
    folder,
  ],
  environment: (home) => ({
    SEMGREP_SEND_METRICS: 'off',
    SEMGREP_ENABLE_VERSION_CHECK: '0',
    SEMGREP_SETTINGS_FILE: join(home, 'settings.yml'),
  }),
  doneWith: [0, 1],
  parse: (report, { folder }) =>
    (JSON.parse(report) as SemgrepReport).results.map(({ check_id, path, start }) => ({
      file: pathWithin(folder, path),
      line: start.line,
      rule: check_id.split('.').at(-1) ?? check_id,
    })),
}
