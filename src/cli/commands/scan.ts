import { buildCommand } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'
import { type ReportFlags, reportFlags } from '../report-flags.ts'
import { type ScanFlags, scanFlags } from '../scan-flags.ts'

export const scan: CommandSpec = {
  id: 'scan',
  brief: 'Find keys in source, and the paths on which they leak',
  target: buildCommand<ReportFlags & ScanFlags, string[], World>({
    docs: {
      brief: 'Find keys in source, and the paths on which they leak',
      fullDescription:
        'Reads the files under PATH (the current folder unless given), follows keys from where they are read to where they leak, and finds mutual TLS that is claimed and not configured. It opens no connection and runs nothing. Exit code 1 when a finding is at or above --fail-on, or the grade is under --fail-under.',
    },
    parameters: {
      flags: { ...reportFlags, ...scanFlags },
      positional: { kind: 'array', parameter: { brief: 'Folder or file', parse: String, placeholder: 'PATH' } },
    },
    loader: async () => {
      const { runScan } = await import('../run-scan.ts')
      return runScan
    },
  }),
}
