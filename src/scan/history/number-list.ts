/** A list of 32-bit numbers that grows: a tenth of what an array of JavaScript's takes. */
export interface NumberList {
  push(value: number): void
  /** Of an entry that was pushed before. */
  set(index: number, value: number): void
  readonly length: number
  toArray(): Int32Array<ArrayBuffer>
}

export function numberList(): NumberList {
  let values = new Int32Array(1_024)
  let length = 0
  return {
    push(value) {
      if (length === values.length) {
        const larger = new Int32Array(values.length * 2)
        larger.set(values)
        values = larger
      }
      values[length++] = value
    },
    set(index, value) {
      values[index] = value
    },
    get length() {
      return length
    },
    toArray: () => values.slice(0, length),
  }
}
