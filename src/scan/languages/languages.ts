import type { Language } from '../language.ts'
import { ruby } from './ruby/ruby.ts'

export const languages: readonly Language[] = [ruby]

/** Whether a file of this path says that a program begins at its folder. */
export function isRoot(path: string): boolean {
  return /(?:^|\/)Procfile$/.test(path) || languages.some((language) => language.marksRoot(path))
}
