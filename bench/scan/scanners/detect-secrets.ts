import { join } from 'node:path'
import { pathWithin, type Scanner, scannersFolder } from '../scanner.ts'

interface DetectSecretsReport {
  readonly results: Readonly<Record<string, readonly { readonly type: string; readonly line_number: number }[]>>
}

/** All of its plugins, without asking the issuers whether a key is live. */
export const detectSecrets: Scanner = {
  name: 'detect-secrets',
  readings: ['code', 'text'],
  joinsFiles: false,
  program: 'detect-secrets',
  versionArguments: ['--version'],
  install: [[join(scannersFolder, 'python/bin/pip'), 'install', '--quiet', 'detect-secrets==1.5.0']],
  howToInstall: 'pip install detect-secrets',
  command: (program, { folder }) => [program, 'scan', '--all-files', '--no-verify', folder],
  doneWith: [0],
  parse: (report, { folder }) =>
    Object.entries((JSON.parse(report) as DetectSecretsReport).results).flatMap(([file, found]) =>
      found.map(({ type, line_number }) => ({ file: pathWithin(folder, file), line: line_number, rule: type })),
    ),
}
