import type { Language, Parser } from './language.ts'
import { languages } from './languages/languages.ts'

export interface Parsers {
  languageOf(path: string): Language | undefined
  /** Opens a language's parser once, when its first file is met; undefined where no language reads the path. */
  open(path: string): Promise<Parser | undefined>
  /** The parser of a language that is open by now. */
  opened(path: string): Parser | undefined
}

export function openParsers(): Parsers {
  const open = new Map<Language, Parser>()
  const languageOf = (path: string) => languages.find((candidate) => candidate.reads(path))
  return {
    languageOf,
    async open(path) {
      const language = languageOf(path)
      if (!language) return undefined
      const parser = open.get(language) ?? (await language.open())
      open.set(language, parser)
      return parser
    },
    opened(path) {
      const language = languageOf(path)
      return language && open.get(language)
    },
  }
}
