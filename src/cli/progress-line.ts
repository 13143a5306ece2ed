import type { World } from './command.ts'

/** One line on standard error that says how far something is, where that is a terminal; elsewhere nothing. */
export interface ProgressLine {
  /** Called as often as one likes; the text is made only when it is shown. */
  show(text: () => string): void
  /** Takes the line away. */
  end(): void
}

/** At most ten times a second, and not before something has taken so long that somebody would wonder. */
const everyMs = 100

export function progressLine(
  { process: { stderr }, environment }: Pick<World, 'process' | 'environment'>,
  now = () => performance.now(),
): ProgressLine {
  const isShown = stderr.isTTY === true && environment.TERM !== 'dumb'
  let lastMs = now()
  let isThere = false
  return {
    show(text) {
      if (!isShown || now() - lastMs < everyMs) return
      lastMs = now()
      isThere = true
      stderr.write(`\r\u001b[K${text().slice(0, (stderr.columns ?? 80) - 1)}`)
    },
    end() {
      if (isThere) stderr.write('\r\u001b[K')
      isThere = false
    },
  }
}
