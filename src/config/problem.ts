import { maskSecret, printable } from '../finding/mask.ts'
import type { KeyKind } from '../keys/kind.ts'
import { keyAt } from '../keys/kind.ts'

/** Where in the configuration something stands: names and indexes from the root. */
export type Path = readonly (string | number)[]

/** What is wrong with the configuration (or, as a notice, doubtful), and where. Holds no secret. */
export interface ConfigProblem {
  /** As the user named the file. */
  readonly file: string
  /** Counted from 1, within the file; 0 when the file as a whole is meant or there is none. */
  readonly line: number
  readonly column: number
  /** `egress.routes[0].paths[1]`; empty for the file as a whole. */
  readonly path: string
  /** What is wrong; what to do. */
  readonly message: string
}

/** `sallyport.yaml:12:5 egress.routes[0].paths[1]: what is wrong; what to do`. */
export function describeProblem(problem: ConfigProblem): string {
  return `${describePlace(problem)}: ${problem.message}`
}

/** `sallyport.yaml:12:5 egress.routes[0].paths[1]`: what a plan's `at` holds. */
export function describePlace({ file, line, column, path }: Omit<ConfigProblem, 'message'>): string {
  const place = line > 0 ? `${printable(file)}:${line}:${column}` : printable(file)
  return path === '' ? place : `${place} ${path}`
}

/** Writes what stands in a configuration for a message: whatever could be a key is masked. */
export type Show = (text: string) => string

/** Recognises keys by the shapes of `kinds`, and unknown ones by looking random. */
export function showerOf(kinds: readonly KeyKind[]): Show {
  const forms = kinds.flatMap(({ fits }) => (fits ? [new RegExp(`^(?:${fits.source})$`, fits.flags)] : []))
  return (text) => {
    if (holdsKey(kinds, text) || forms.some((form) => form.test(text.trim()))) return maskSecret(text)
    return looksRandom(text) || text.length > 120 ? maskSecret(text) : `"${printable(text)}"`
  }
}

/** The kind of the key that begins first in `text`: a part of a longer key may have the shape of another kind. */
export function holdsKey(kinds: readonly KeyKind[], text: string): KeyKind | undefined {
  let found: { readonly kind: KeyKind; readonly at: number } | undefined
  for (const kind of kinds) {
    for (const prefix of kind.shape?.prefixes ?? []) {
      for (
        let at = text.indexOf(prefix);
        at >= 0 && at < (found?.at ?? text.length);
        at = text.indexOf(prefix, at + 1)
      ) {
        if (keyAt(kind, text, at) > 0) found = { kind, at }
      }
    }
  }
  return found?.kind
}

/** A UUID, or a run of 16 and more letters and digits that is no word: half of all keys have no shape that we know. */
function looksRandom(text: string): boolean {
  if (/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.test(text)) return true
  return (text.match(/[A-Za-z0-9+=_]{16,}/g) ?? []).some(
    (run) => (/[0-9]/.test(run) && /[A-Za-z]/.test(run)) || changesCase(run),
  )
}

/** More often than names in camel case do: a fifth of the letters, where chance makes it half of them. */
function changesCase(run: string): boolean {
  const changes = run.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g) ?? []
  return changes.length * 5 > run.length
}

/** Names that are plain are written with dots, all others in brackets and quotes. */
export function pathText(path: Path, show: Show): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_][\w-]*$/.test(part) && show(part) === `"${part}"`) text += text === '' ? part : `.${part}`
    else text += `[${show(part)}]`
  }
  return text
}
