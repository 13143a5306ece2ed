/** How often something may happen: `burst` times at once, and `perSecond` times in the long run. */
export interface Budget {
  /** False when it is used up. */
  spend(): boolean
  /** Gives some back. */
  earn(count: number): void
}

/** `now` in milliseconds. */
export function createBudget(burst: number, perSecond: number, now: () => number = () => performance.now()): Budget {
  let left = burst
  let since = now()
  return {
    spend() {
      if (left < 1) {
        const time = now()
        left = Math.min(burst, left + ((time - since) / 1000) * perSecond)
        since = time
      }
      if (left < 1) return false
      left--
      return true
    },
    earn(count) {
      left = Math.min(burst, left + count)
    },
  }
}
