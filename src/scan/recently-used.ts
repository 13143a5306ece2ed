/** Holds what was used last, up to a weight; what falls out is made again when it is asked for. */
export interface RecentlyUsed<Value> {
  /** `make` is called where the value is not held. */
  get(key: string, make: () => Value): Value
}

export function recentlyUsed<Value>(weightMax: number, weigh: (value: Value) => number): RecentlyUsed<Value> {
  const held = new Map<string, Value>()
  let weight = 0
  return {
    get(key, make) {
      const known = held.get(key)
      if (known !== undefined) {
        // A map keeps the order of insertion: the first is the one that was not used for longest.
        held.delete(key)
        held.set(key, known)
        return known
      }
      const value = make()
      held.set(key, value)
      weight += weigh(value)
      for (const [oldest, other] of held) {
        if (weight <= weightMax || oldest === key) break
        held.delete(oldest)
        weight -= weigh(other)
      }
      return value
    },
  }
}
