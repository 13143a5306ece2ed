import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout, temporaryFolder } from './sallyport.ts'

/** One defence, by the line of code that it is. */
export interface Removal {
  readonly file: string
  readonly line: string
  readonly instead: string
}

/**
 * A copy of the checkout in which defences are taken out: a test of a defence shows on it that the attack works without.
 * Throws when a line is no longer there, so that no test goes on proving nothing.
 */
export function checkoutWithout(...removals: readonly Removal[]): string {
  const root = temporaryFolder()
  for (const entry of ['src', 'integrations', 'scripts', 'sallyport', 'package.json', 'package-lock.json']) {
    cpSync(join(checkout, entry), join(root, entry), { recursive: true })
  }
  mkdirSync(join(root, 'tools/node'), { recursive: true })
  for (const entry of ['node_modules', 'tools/node/node_modules', 'tools/node/package-lock.json']) {
    symlinkSync(join(checkout, entry), join(root, entry))
  }
  for (const { file, line, instead } of removals) {
    const path = join(root, file)
    const source = readFileSync(path, 'utf8')
    if (source.split(line).length !== 2) throw new Error(`${file}: does not hold once: ${line}`)
    writeFileSync(
      path,
      source.replace(line, () => instead),
    )
  }
  return root
}
