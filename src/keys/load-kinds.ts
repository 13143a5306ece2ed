import type { KeyKind } from './kind.ts'
import { table } from './kinds/index.ts'

/** Every key kind that the product knows, in the order of their ids. */
export async function loadKinds(): Promise<readonly KeyKind[]> {
  return Promise.all(table.map(({ load }) => load()))
}
