import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Scanner } from './scanner.ts'
import { sallyport } from './scanners/sallyport.ts'
import { chooseScanners, peerScanners } from './scanners.ts'

const folder = '/tree'
const home = mkdtempSync(join(tmpdir(), 'sallyport-scanners-'))
afterAll(() => rmSync(home, { recursive: true }))

/** A report as each writes it, with one finding at line 3 of lib/app.rb. */
const reports: Readonly<Record<string, string>> = {
  brakeman: '{"warnings":[{"warning_type":"Redirect","file":"lib/app.rb","line":3}]}',
  semgrep: '{"results":[{"check_id":"bench.scan.key-leaks","path":"/tree/lib/app.rb","start":{"line":3}}]}',
  kingfisher: '{"findings":[{"rule":{"id":"stripe"},"finding":{"path":"/tree/lib/app.rb","line":3}}]}',
  gitleaks: '[{"RuleID":"stripe-access-token","File":"/tree/lib/app.rb","StartLine":3}]',
  trufflehog:
    '{"level":"info"}\n{"SourceMetadata":{"Data":{"Filesystem":{"file":"/tree/lib/app.rb","line":3}}},"DetectorName":"Stripe"}\n',
  'detect-secrets': '{"results":{"/tree/lib/app.rb":[{"type":"Stripe Access Key","line_number":3}]}}',
  ripgrep: '/tree/lib/app.rb:3:KEY = 1:2\n',
  sallyport: '{"findings":[{"rule":"key-literal","at":{"file":"lib/app.rb","line":3}}]}',
}
const scanners: readonly Scanner[] = [...peerScanners, sallyport('/checkout')]

it.each(scanners)('reads where $name says that something is', (scanner) => {
  expect(scanner.parse(reports[scanner.name] ?? '', { folder })).toEqual([
    { file: 'lib/app.rb', line: 3, rule: expect.any(String) },
  ])
})

it.each(peerScanners)('tells $name what to look through and where to report it', (scanner) => {
  for (const reading of scanner.readings) {
    const command = scanner.command('program', { folder, reading, report: '/report', home })
    expect(command[0]).toBe('program')
    expect(command.join(' ')).toContain(folder)
  }
})

it('says of a scanner that is not installed how to have it, and goes on with the others', () => {
  const names = ['gitleaks', 'ripgrep']
  const { found, absent } = chooseScanners(names, ({ name, program }) =>
    name === 'ripgrep' ? { program, version: '13.0.0' } : undefined,
  )
  expect(found.map(({ scanner, version }) => `${scanner.name} ${version}`)).toEqual(['ripgrep 13.0.0'])
  expect(absent).toEqual([expect.stringMatching(/^gitleaks is not installed: .*\(go install .*\)$/)])
})
