import type { Cell } from './access.ts'

export const verdicts = ['enforced', 'not enforced', 'partial', 'inconclusive'] as const
export type Verdict = (typeof verdicts)[number]

export interface Conclusion {
  readonly verdict: Verdict
  /** Sentences that the verdict rests on. */
  readonly reasons: readonly string[]
}

/**
 * Whether the service demands and verifies a client certificate. *Enforced* needs both ends of the proof on every TLS
 * version that the service offers: the good certificate reaches the app, and every stranger is refused.
 */
export function conclude(cells: readonly Cell[]): Conclusion {
  const judged = cells.filter((cell) => cell.verdict !== 'not offered' && cell.verdict !== 'not tested')
  const isIn = (cell: Cell) => cell.verdict === 'admitted' && cell.arm.who !== 'good'
  const open = judged.filter(isIn)
  if (open.length > 0) {
    const verdict = isWideOpen(judged) ? 'not enforced' : 'partial'
    return { verdict, reasons: summarise(open, 'gets in') }
  }
  const doubts = doubtsOf(cells, judged)
  if (doubts.length > 0) return { verdict: 'inconclusive', reasons: doubts }
  return {
    verdict: 'enforced',
    reasons: [
      'every stranger is refused, and the good certificate reaches the app, on every TLS version that is offered',
    ],
  }
}

/** One kind of stranger gets in on every route, whichever offered TLS version it takes (or in clear). */
function isWideOpen(judged: readonly Cell[]): boolean {
  const strangers = judged.filter((cell) => cell.arm.who === 'stranger')
  const routes = new Set(strangers.map((cell) => cell.route))
  return [...new Set(strangers.map((cell) => cell.arm.id))].some((arm) => {
    const own = strangers.filter((cell) => cell.arm.id === arm)
    return (
      own.every((cell) => cell.verdict === 'admitted') && new Set(own.map((cell) => cell.route)).size === routes.size
    )
  })
}

/** Why *enforced* cannot be said. */
function doubtsOf(cells: readonly Cell[], judged: readonly Cell[]): string[] {
  const good = judged.filter((cell) => cell.arm.who === 'good')
  const reached = good.filter((cell) => cell.verdict === 'admitted')
  if (!cells.some((cell) => cell.arm.who === 'good')) {
    return [
      'no good certificate was given (--cert, --key): that strangers are refused is also true of a service that refuses everybody',
    ]
  }
  if (reached.length === 0) {
    return [
      `the good certificate did not reach the app (${[...new Set(good.map((cell) => cell.why))].join('; ') || 'nothing spoke TLS'}): name a route that it may use`,
    ]
  }
  const doubts: string[] = []
  const transports = new Set(judged.flatMap((cell) => (cell.transport === 'plain' ? [] : [cell.transport])))
  for (const transport of transports) {
    if (!reached.some((cell) => cell.transport === transport)) {
      const why = good.find((cell) => cell.transport === transport)?.why ?? 'not tried'
      doubts.push(`on ${nameOf(transport)} the good certificate did not reach the app either (${why})`)
    }
  }
  // A route that is closed to the good certificate too shows nothing, as long as nobody is served on it.
  const hasControl = (cell: Cell) =>
    cell.transport === 'plain' ||
    reached.some((other) => other.route === cell.route && other.transport === cell.transport)
  const unclear = judged.filter((cell) => cell.arm.who !== 'good' && cell.verdict === 'unclear' && hasControl(cell))
  doubts.push(...summarise(unclear, 'is not clearly refused'))
  const untried = cells.filter((cell) => cell.verdict === 'not tested' && cell.arm.who === 'stranger')
  doubts.push(...summarise(untried, 'was not tried'))
  return doubts
}

/** One sentence an arm: on what, where, and what came back. */
function summarise(cells: readonly Cell[], says: string): string[] {
  return [...new Set(cells.map((cell) => cell.arm))].map((arm) => {
    const own = cells.filter((cell) => cell.arm === arm)
    const transports = [...new Set(own.map((cell) => nameOf(cell.transport)))].join(' and ')
    const routes = [...new Set(own.map((cell) => cell.route))]
    const where =
      routes.length > 3 ? `${routes.slice(0, 3).join(', ')} and ${routes.length - 3} more` : routes.join(', ')
    const whys = [...new Set(own.map((cell) => cell.why))].join('; ')
    return `${arm.title}${arm.isPlain ? '' : ` on ${transports}`} ${says} at ${where} (${whys})`
  })
}

export function nameOf(transport: Cell['transport']): string {
  return transport === 'plain' ? 'plain HTTP' : transport.replace('v', ' ')
}
