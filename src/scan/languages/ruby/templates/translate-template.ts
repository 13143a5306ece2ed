import { translateErb } from './erb.ts'
import { translateHaml } from './haml.ts'
import { translateSlim } from './slim.ts'
import type { TranslatedTemplate } from './template-writer.ts'

const translations: readonly (readonly [RegExp, (text: string) => TranslatedTemplate])[] = [
  [/\.(?:erb|rhtml|erubi|erubis)$/, translateErb],
  [/\.haml$/, translateHaml],
  [/\.slim$/, translateSlim],
]

/** A template as Ruby of the same meaning; undefined for a file that is Ruby itself. */
export function translateTemplate(text: string, path: string): TranslatedTemplate | undefined {
  return translations.find(([pattern]) => pattern.test(path))?.[1](text)
}
