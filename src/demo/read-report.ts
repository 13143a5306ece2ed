import { SallyportError } from '../errors.ts'

/** What the demo takes from `sallyport scan --format json`. */
export interface Scanned {
  readonly grade: string
  readonly findings: readonly ScannedFinding[]
}

export interface ScannedFinding {
  readonly rule: string
  readonly title: string
  readonly severity: string
  readonly file: string
  readonly line: number
}

/** What it takes from `sallyport probe --format json`. */
export interface Probed {
  readonly verdict: string
  readonly reasons: readonly string[]
  readonly grade: string
  readonly points: number
  /** Ways in that were tried on every route and TLS version, other than the good certificate, and those that got in. */
  readonly strangers: { readonly tried: number; readonly admitted: number }
  /** Routes whose answers show the key, a phantom, or the app's insides (backtraces, debug pages). */
  readonly keyRoutes: number
  readonly phantomRoutes: number
  readonly insideRoutes: number
}

interface Document {
  readonly grade: string
  readonly points: number
  readonly verdict?: string
  readonly reasons?: readonly string[]
  readonly arms?: readonly { arm: string; outcome: string }[]
  readonly findings: readonly {
    rule: string
    title: string
    severity: string
    at: { file?: string; line?: number; url?: string }
  }[]
}

export function readScan(text: string): Scanned {
  const { grade, findings } = parse('scan', text)
  return {
    grade,
    findings: findings.map(({ rule, title, severity, at }) => ({
      rule,
      title,
      severity,
      file: at.file ?? '',
      line: at.line ?? 0,
    })),
  }
}

export function readProbe(text: string): Probed {
  const { grade, points, verdict = '', reasons = [], arms = [], findings } = parse('probe', text)
  const tried = arms.filter(
    ({ arm, outcome }) => arm !== 'good' && outcome !== 'not offered' && outcome !== 'not tested',
  )
  const routes = (...rules: readonly string[]) =>
    new Set(findings.filter(({ rule }) => rules.includes(rule)).map(({ at }) => at.url)).size
  return {
    verdict,
    reasons,
    grade,
    points,
    strangers: { tried: tried.length, admitted: tried.filter(({ outcome }) => outcome === 'admitted').length },
    keyRoutes: routes('key-in-response', 'canary-in-response'),
    phantomRoutes: routes('phantom-in-response'),
    insideRoutes: routes('backtrace-in-response', 'debug-page', 'environment-in-response'),
  }
}

function parse(verb: string, text: string): Document {
  try {
    return JSON.parse(text) as Document
  } catch (cause) {
    throw new SallyportError('DEMO_CLAIM_FAILED', `sallyport ${verb} --format json wrote no JSON`, { cause })
  }
}
