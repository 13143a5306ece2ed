import { readFileSync } from 'node:fs'
import { until } from './sallyport.ts'

/**
 * The environment that an app got, once it has written it to `file` with `env -0` under another name and given it this
 * one: it is then whole. `output` is what a message shows when the file does not come.
 */
export async function environmentOf(file: string, output: () => string): Promise<Record<string, string>> {
  const read = () => {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      return ''
    }
  }
  await until(
    () => read() !== '',
    10_000,
    () => `the app did not start:\n${output()}`,
  )
  const lines = read()
    .split('\0')
    .filter((line) => line.includes('='))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
