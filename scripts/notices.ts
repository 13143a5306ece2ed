import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Licences that ask for no more than their text and notice to be passed on. */
const permitted = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']

/**
 * The licences and notices of the packages that the given modules (absolute paths) are from. Throws where a package has
 * no licence text, or one that must not be bundled without thought.
 */
export async function noticesFor(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((file) => packageFolder(file) ?? []))
  const notices = await Promise.all([...folders].map(noticeOf))
  const sorted = notices.sort((a, b) => (a.name < b.name ? -1 : 1))
  return `Sallyport is distributed with the following packages, each under its own licence.\n${sorted
    .map(({ name, version, license, text }) => `\n${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`)
    .join('')}`
}

/** `…/node_modules/@scope/name` of a file in it; undefined for our own. */
export function packageFolder(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]
}

async function noticeOf(folder: string) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  if (!permitted.includes(license)) throw new Error(`${name} ${version}: licence ${license} is not among ${permitted}`)
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  if (texts.length === 0) {
    // The Apache License has one text for everybody, without a name in it, and ours is that very text.
    if (license !== 'Apache-2.0') throw new Error(`${name} ${version}: no licence text in its folder`)
    texts.push('The text of the Apache License 2.0 is in the file LICENSE beside this folder.')
  }
  return { name, version, license, text: texts.map((text) => text.trim()).join('\n\n') }
}
