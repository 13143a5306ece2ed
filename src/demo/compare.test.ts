import { describe, expect, it } from 'vitest'
import { compare, type Evidence } from './compare.ts'
import type { Measured } from './measure-service.ts'
import { sampleApps } from './sample-apps.ts'
import { writeComparison } from './write-comparison.ts'

const probe = { reasons: [], points: 0, phantomRoutes: 0, insideRoutes: 3, grade: 'F' }
const bare: Measured = {
  answered: 1_000,
  medianMs: 2,
  app: { copies: 40 },
  environments: { processes: 1, holding: 1 },
  startedWithKey: true,
  keyHolderIsReadable: true,
  errorPage: 'the key',
  leakAtUpstream: 200,
  deletion: 200,
  ownPort: 200,
  log: { count: 30, holding: 20 },
  report: { count: 200, holding: 0 },
  testsPassed: 7,
  probe: { ...probe, verdict: 'not enforced', strangers: { tried: 4, admitted: 4 }, keyRoutes: 1 },
}
const run: Measured = {
  ...bare,
  app: { copies: 0 },
  gateway: { copies: 0 },
  environments: { processes: 2, holding: 0 },
  keyHolderIsReadable: false,
  errorPage: 'a phantom',
  leakAtUpstream: 401,
  leakAtDoor: 200,
  deletion: 403,
  otherClient: 403,
  revokedClient: 'no answer',
  log: { count: 30, holding: 0 },
  audit: { count: 4_000, holding: 0 },
  probe: { ...probe, verdict: 'enforced', strangers: { tried: 44, admitted: 0 }, keyRoutes: 0, phantomRoutes: 1 },
}
const evidence: Evidence = {
  app: sampleApps.sinatra,
  scanned: {
    grade: 'F',
    findings: sampleApps.sinatra.predicted.map((rule) => ({
      rule,
      title: '',
      severity: 'high',
      file: 'a.rb',
      line: 1,
    })),
  },
  bare,
  run,
  code: { files: 4, changed: 0 },
  otherUser: true,
}

function ids(given: Evidence, standing: string): string[] {
  return compare(given).flatMap(({ lines }) => lines.filter((line) => line.standing === standing).map(({ id }) => id))
}

it('holds every claim of what is as it should be, and lists what is open', () => {
  expect(ids(evidence, 'failed')).toEqual([])
  expect(ids(evidence, 'held')).toHaveLength(19)
  expect(ids(evidence, 'open')).toEqual(['insides', 'grade', 'phantom', 'phantom-at-door', 'own-port', 'start'])
  expect(ids({ ...evidence, otherUser: false }, 'open')).toContain('user')
})

describe('a claim fails', () => {
  const strangers = { tried: 44, admitted: 1 }
  const wrong: [string, Partial<Measured>][] = [
    ['environment', { environments: { processes: 2, holding: 1 } }],
    ['app-memory', { app: { copies: 1 } }],
    ['app-memory', { app: { refused: 'EACCES' } }],
    ['gateway-memory', { gateway: { copies: 1 } }],
    ['gateway-closed', { keyHolderIsReadable: true }],
    ['log', { log: { count: 30, holding: 1 } }],
    ['log', { log: { count: 0, holding: 0 } }],
    ['audit', { audit: { count: 4_000, holding: 1 } }],
    ['audit', { audit: { count: 0, holding: 0 } }],
    ['error-page', { errorPage: 'the key' }],
    ['probe-key', { probe: { ...run.probe, keyRoutes: 1 } }],
    ['report', { report: { count: 200, holding: 1 } }],
    ['calls', { answered: 999 }],
    ['leak', { leakAtUpstream: 200 }],
    ['leak', { leakAtUpstream: 'no answer' }],
    ['policy', { deletion: 200 }],
    ['mutual-tls', { probe: { ...run.probe, verdict: 'inconclusive' } }],
    ['strangers', { probe: { ...run.probe, strangers } }],
    ['strangers', { probe: { ...run.probe, strangers: { tried: 0, admitted: 0 } } }],
    ['other-client', { otherClient: 200 }],
    ['revoked-client', { revokedClient: 200 }],
    ['tests', { testsPassed: 6 }],
    ['tests', { testsPassed: undefined }],
  ]
  it.each(wrong)('%s, where the door does not do what it says', (id, change) => {
    expect(ids({ ...evidence, run: { ...run, ...change } }, 'failed')).toEqual([id])
  })

  const blind: [string, Partial<Measured>][] = [
    ['environment', { environments: { processes: 1, holding: 0 } }],
    ['app-memory', { app: { copies: 0 } }],
    ['gateway-closed', { keyHolderIsReadable: false }],
    ['log', { log: { count: 30, holding: 0 } }],
    ['error-page', { errorPage: 'neither' }],
    ['probe-key', { probe: { ...bare.probe, keyRoutes: 0 } }],
    ['leak', { leakAtUpstream: 401 }],
    ['policy', { deletion: 403 }],
    ['mutual-tls', { probe: { ...bare.probe, verdict: 'inconclusive' } }],
    ['strangers', { probe: { ...bare.probe, strangers: { tried: 4, admitted: 0 } } }],
  ]
  it.each(blind)('%s, where the leak is not seen in the service as it is', (id, change) => {
    expect(ids({ ...evidence, bare: { ...bare, ...change } }, 'failed')).toEqual([id])
  })

  it('where the code was changed, or scan named not all of it', () => {
    expect(ids({ ...evidence, code: { files: 4, changed: 1 } }, 'failed')).toEqual(['code'])
    expect(ids({ ...evidence, scanned: { grade: 'A', findings: [] } }, 'failed')).toEqual(['scan'])
  })
})

it('writes lines that fit a terminal of 80 columns, and colours only when asked', () => {
  const sections = compare({ ...evidence, otherUser: false })
  const { id, title, folder } = evidence.app
  const report = {
    app: { id, title, folder, runsAs: 'nobody', isFollowed: true },
    key: 'sk_live_…(99 characters)',
    scanned: evidence.scanned,
    sections,
    claims: { held: 19, failed: [] },
    durationMs: 21_400,
  }
  const text = writeComparison(report, false)
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(text).not.toContain('\u001b')
  expect(text).toContain('19 of 19 claims held, in 21 s')
  expect(writeComparison(report, true)).toContain('\u001b[32m✓\u001b[0m')
})
