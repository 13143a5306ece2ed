import type { SecretLiteral } from './place-secrets.ts'

/** How a variable of the environment is read in files of a name, in place of a text and its quotes. */
const readers: readonly (readonly [path: RegExp, read: (variable: string) => string])[] = [
  [/\.(?:rb|rake|ru|gemspec)$/, (variable) => `ENV.fetch('${variable}')`],
  [
    /\.(?:erb|haml|slim)$|(?:^|\/)(?:database|secrets|cable|storage|settings|mongoid|redis|sidekiq)\.yml$/,
    (variable) => `<%= ENV.fetch('${variable}') %>`,
  ],
  [/\.pyw?$/, (variable) => `os.environ["${variable}"]`],
  [/\.[cm]?[jt]sx?$/, (variable) => `process.env.${variable}`],
  [/\.go$/, (variable) => `os.Getenv("${variable}")`],
  [/\.(?:java|scala|groovy)$/, (variable) => `System.getenv("${variable}")`],
  [/\.kts?$/, (variable) => `System.getenv("${variable}")`],
  [/\.php$/, (variable) => `getenv('${variable}')`],
  [/\.cs$/, (variable) => `Environment.GetEnvironmentVariable("${variable}")`],
  [/\.rs$/, (variable) => `std::env::var("${variable}")?`],
  [/\.exs?$/, (variable) => `System.fetch_env!("${variable}")`],
  [/\.(?:tf|hcl)$/, (variable) => `var.${variable.toLowerCase()}`],
  [
    /\.(?:sh|bash|zsh)$|(?:compose[\w.-]*|\.gitlab-ci)\.ya?ml$|\.(?:properties|npmrc)$/,
    (variable) => `\${${variable}}`,
  ],
  [/(?:^|\/)\.github\/workflows\/[^/]+$/, (variable) => `\${{ secrets.${variable} }}`],
  [/\.ya?ml$/, (variable) => `\${${variable}}`],
]

/** The variable under which a secret would be read: its kind's, or the name that it has, in capitals. */
export function variableOf({ kind, name }: SecretLiteral, otherwise = 'SECRET'): string {
  const [variable] = kind?.environment ?? []
  if (variable !== undefined) return variable
  const plain = (name ?? otherwise)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[A-Z]/.test(plain) ? plain : otherwise
}

/** Where a call stands in the place of a text and its quotes: it would be a part of a longer text. */
const isCode = /\.(?:rb|rake|ru|gemspec|pyw?|[cm]?[jt]sx?|go|java|scala|groovy|kts?|php|cs|rs|exs?|tf|hcl)$/

/** What reads the secret from the environment, and what it stands in place of; undefined where that cannot be said. */
export function readInstead(
  literal: SecretLiteral,
): { readonly start: number; readonly end: number; readonly correction: string } | undefined {
  const { file, start, end } = literal
  const read = readers.find(([path]) => path.test(file.path))?.[1]
  if (!read || file.text.slice(start, end).includes('\n')) return undefined
  const quote = file.text[start - 1] ?? ''
  const isQuoted = /["'`]/.test(quote) && file.text[end] === quote
  const correction = read(variableOf(literal))
  if (isQuoted && isCode.test(file.path)) return { start: start - 1, end: end + 1, correction }
  return isCode.test(file.path) ? undefined : { start, end, correction }
}
