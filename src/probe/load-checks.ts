import type { Check } from './check.ts'
import { table } from './checks/index.ts'

/** Every check, in the order of their ids. */
export async function loadChecks(): Promise<readonly Check[]> {
  return Promise.all(table.map(({ load }) => load()))
}
