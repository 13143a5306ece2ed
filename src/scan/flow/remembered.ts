/** A pure function of one or two names that is asked the same again and again. */
export function remembered<T>(compute: (first: string, second: string) => T): (first: string, second?: string) => T {
  const results = new Map<string, Map<string, T>>()
  return (first, second = '') => {
    let row = results.get(first)
    if (!row) {
      row = new Map()
      results.set(first, row)
    }
    const known = row.get(second)
    if (known !== undefined || row.has(second)) return known as T
    const result = compute(first, second)
    row.set(second, result)
    return result
  }
}
