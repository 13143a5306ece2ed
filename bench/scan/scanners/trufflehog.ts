import { join } from 'node:path'
import { pathWithin, type Scanner, scannersFolder } from '../scanner.ts'

interface TrufflehogFinding {
  readonly DetectorName: string
  readonly SourceMetadata: {
    readonly Data: Readonly<Record<'Filesystem' | 'Git', { readonly file: string; readonly line: number } | undefined>>
  }
}

/** All of its detectors, without asking the issuers whether a key is live. */
export const trufflehog: Scanner = {
  name: 'trufflehog',
  readings: ['code', 'text', 'history'],
  joinsFiles: false,
  program: 'trufflehog',
  versionArguments: ['--version'],
  install: [
    ['env', `GOBIN=${join(scannersFolder, 'go')}`, 'go', 'install', 'github.com/trufflesecurity/trufflehog/v3@latest'],
  ],
  howToInstall: 'its release’s binary; `go install` does not build it',
  command: (program, { folder, reading }) => [
    program,
    ...(reading === 'history' ? ['git', `file://${folder}`] : ['filesystem', folder]),
    '--no-verification',
    '--no-update',
    '--json',
  ],
  doneWith: [0],
  parse: (report, { folder }) =>
    report.split('\n').flatMap((text) => {
      if (!text.includes('"SourceMetadata"')) return []
      const { DetectorName, SourceMetadata } = JSON.parse(text) as TrufflehogFinding
      const { Filesystem, Git } = SourceMetadata.Data
      const at = Filesystem ?? Git
      return at ? [{ file: pathWithin(folder, at.file), line: at.line, rule: DetectorName }] : []
    }),
}
