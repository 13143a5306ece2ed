import type { Content } from './content.ts'
import type { Language, Parser } from './language.ts'
import { languages } from './languages/languages.ts'

export interface Parsers {
  /** `bytes`, where they are at hand, tell the language of a script without an extension. */
  languageOf(path: string, bytes?: Uint8Array): Language | undefined
  /** Opens a language's parser once, when its first file is met; undefined where no language reads the file. */
  open(path: string, bytes?: Uint8Array): Promise<Parser | undefined>
  /** Opens what may read a file that has been found to be in some language. */
  openFor(path: string): Promise<void>
  /** The parser of a language that is open by now. */
  opened(path: string, bytes: Uint8Array): Parser | undefined
}

export function openParsers(): Parsers {
  const open = new Map<Language, Parser>()
  const languageOf = (path: string, bytes?: Uint8Array) =>
    languages.find((candidate) => candidate.reads(path)) ?? (bytes && scriptLanguage(path, bytes))
  const opening = async (language: Language) => {
    const parser = open.get(language) ?? (await language.open())
    open.set(language, parser)
    return parser
  }
  return {
    languageOf,
    async open(path, bytes) {
      const language = languageOf(path, bytes)
      return language && (await opening(language))
    },
    async openFor(path) {
      const language = languageOf(path)
      // Which of them it is its first line says, that is not at hand.
      for (const candidate of language ? [language] : languages)
        if (language || candidate.readsScript) await opening(candidate)
    },
    opened(path, bytes) {
      const language = languageOf(path, bytes)
      return language && open.get(language)
    },
  }
}

/**
 * A file with the name of source is source, whatever bytes are in it: languages end at a NUL or read on, and one that is
 * put into a comment must not hide the rest.
 */
export function asSource(content: Content, path: string, parsers: Parsers): Content {
  return content.kind === 'binary' && content.bytes.length > 0 && parsers.languageOf(path)
    ? { ...content, kind: 'text' }
    : content
}

const firstLineBytesMax = 256

/** `#!/usr/bin/env ruby` in a file whose name tells nothing. */
function scriptLanguage(path: string, bytes: Uint8Array): Language | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21 || /\.\w+$/.test(path)) return undefined
  const [line = ''] = Buffer.from(bytes.subarray(0, firstLineBytesMax)).toString('latin1').split(/\r?\n/, 1)
  return languages.find(({ readsScript }) => readsScript?.(line))
}
