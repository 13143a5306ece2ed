/**
 * What no committed file may hold: a path of somebody's machine, the host of a package registry, a text that is a key by
 * its shape. The last is what our own scanner, and every other one, would report to whoever clones this repository.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type KeyKind, keyAt } from '../src/keys/kind.ts'
import { loadKinds } from '../src/keys/load-kinds.ts'

const root = join(import.meta.dirname, '..')

const machinePath = /(?<![\w.~-])\/(?:work|root|farm)\//g
const registryHost =
  /\b(?:registry\.(?:npmjs|yarnpkg)|deb\.debian|security\.debian|pypi|proxy\.golang|crates|repo1\.maven)\.(?:org|com|io)\b/g

/** Where a registry is named on purpose: the keys of a registry are for its host. */
const namesRegistries = /^(?:src\/keys\/kinds\/[\w-]+\.ts|docs\/reference\/key-kinds\.md)$/

if (import.meta.main) {
  const kinds = await loadKinds()
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  let found = 0
  for (const file of listed) {
    for (const { line, problem } of committedProblems(readFileSync(join(root, file), 'utf8'), kinds, root, file)) {
      console.error(`${file}:${line}: ${problem}`)
      found++
    }
  }
  process.exitCode = found > 0 ? 1 : 0
}

/** Never quotes what it found: it may be a key. `checkout` is the path of the checkout, `file` that of the text in it. */
export function committedProblems(
  text: string,
  kinds: readonly KeyKind[],
  checkout: string,
  file: string,
): { line: number; problem: string }[] {
  const found: { at: number; problem: string }[] = []
  for (const { index } of text.matchAll(machinePath)) found.push({ at: index, problem: 'a path of somebody’s machine' })
  if (!namesRegistries.test(file))
    for (const { index } of text.matchAll(registryHost))
      found.push({ at: index, problem: 'the host of a package registry' })
  for (const at of placesOf(text, `${checkout}/`)) found.push({ at, problem: 'a path of somebody’s machine' })
  for (const kind of kinds) {
    const places = new Set(kind.shape?.prefixes.flatMap((prefix) => [...placesOf(text, prefix)]))
    for (const at of places) {
      const end = keyAt(kind, text, at)
      const key = text.slice(at, end)
      if (end > at && !isPlaceholder(key) && !kind.shape?.isPlaceholder?.(key)) {
        found.push({ at, problem: `has the shape of a ${kind.title}; generate it at run time` })
      }
    }
  }
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, problem }) => ({ line: text.slice(0, at).split('\n').length, problem }))
}

/** `…xxxxxxxx`: nobody takes it for a key. */
function isPlaceholder(text: string): boolean {
  return new Set(text.slice(-16)).size <= 2
}

function* placesOf(text: string, part: string): Generator<number> {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) yield at
}
