/** What a command line says: values of its options by their first name, in order, and the words that are no options. */
export interface Options {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly words: readonly string[]
}

/**
 * Reads a command line as option parsers do: `-p 80`, `-p80`, `--port 80`, `--port=80`. `valued` has one list of names
 * for each option that takes a value, its first name first; everything else that begins with `-` takes none.
 */
export function readOptions(argv: readonly string[], valued: readonly (readonly string[])[]): Options {
  const values = new Map<string, string[]>()
  const words: string[] = []
  const add = (name: string, value: string) => values.set(name, [...(values.get(name) ?? []), value])
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') {
      words.push(...argv.slice(at + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = equals === -1 ? word : word.slice(0, equals)
    const whole = valued.find((names) => names.includes(name))
    const short = word.startsWith('--') ? undefined : valued.find((names) => names.includes(word.slice(0, 2)))
    if (whole) {
      add(whole[0] ?? name, equals === -1 ? (argv[at + 1] ?? '') : word.slice(equals + 1))
      if (equals === -1) at++
    } else if (short) add(short[0] ?? name, word.slice(2))
    else add(name, '')
  }
  return { values, words }
}
