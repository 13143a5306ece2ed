/** What the path of a file says about what is written in it. */
export interface FileSetting {
  /**
   * `code`: a value without quotes is an expression. `config`: it is a text. `shell`: it is a text, or begins with `$`.
   * `data`: values are quoted. `markup` and `prose` are for people.
   */
  readonly form: 'code' | 'config' | 'shell' | 'data' | 'markup' | 'prose'
  /** A test, a fixture, a mock, a snapshot, a recorded answer. */
  readonly isTest: boolean
  /** An example, a template or a sample. */
  readonly isExample: boolean
  /** Written for people: manuals, change logs, pages of help. */
  readonly isDocumentation: boolean
  /** Texts for people in other languages. */
  readonly isLocale: boolean
  /** Digests and addresses of packages. */
  readonly isLock: boolean
  /** For one's own machine. */
  readonly isDevelopment: boolean
  readonly isProduction: boolean
  /** Written by a program: minified, bundled, generated. */
  readonly isGenerated: boolean
}

const forms: readonly (readonly [FileSetting['form'], RegExp])[] = [
  [
    'code',
    /\.(?:rb|rake|gemspec|ru|py|pyw|js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte|go|java|kt|kts|scala|groovy|gradle|cs|vb|fs|php|phtml|pl|pm|swift|m|mm|c|h|cc|cpp|cxx|hpp|rs|ex|exs|erl|clj|cljs|dart|lua|r|jl|hs|elm|sol|proto|sql|graphql|ps1|psm1|erb|haml|slim|jsp|nim|zig|el|d|coffee)$/,
  ],
  [
    'shell',
    /\.(?:sh|bash|zsh|fish|ksh|command|bat|cmd)$|^(?:\.?(?:bash|zsh|sh)_?history|\.(?:bash|zsh)(?:rc|_profile|env)|\.profile|\.envrc|procfile|makefile|gnumakefile|justfile|jenkinsfile|vagrantfile)|\.mk$|\.history$/,
  ],
  [
    'prose',
    /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|text|rdoc|org|tex|pod|[1-9])$|^(?:readme|changes|changelog|news|history|todo|license|licence|copying|authors|contributing|install|thanks)/,
  ],
  [
    'data',
    /\.(?:json|json5|jsonc|ipynb|har|jsonl|ndjson|csv|tsv|tfstate|webmanifest|map|plist|lock|postman_collection|snap)$/,
  ],
  ['markup', /\.(?:x?html?|svg|css|scss|sass|less|xsl|xslt|xsd|dtd|po|pot|mo|strings)$/],
]

const configNames =
  /\.(?:ya?ml|toml|ini|cfg|conf|cnf|config|properties|props|env|tf|tfvars|hcl|nomad|xml|service|socket|unit|reg|http|rest|netrc|npmrc|pypirc|pgpass|desktop|list|repo|j2|tmpl|tpl|creds?|credentials|secrets?|settings|rc|log|out|err|dump|bak|old|orig|backup)$|^\.|(?:^|[-_.])env(?:[-_.]|$)|^dockerfile|^containerfile|credentials|secrets?|^config$/

const dated = /\.(?:bak|old|orig|save|backup|swp|dist|default|template|tmpl|tpl|example|sample|\d{1,4}|j2|erb|enc)$/

/** From the path alone, so that the same file of the history is read in the same way. */
export function fileSetting(path: string): FileSetting {
  const lowered = path.toLowerCase()
  const name = lowered.slice(lowered.lastIndexOf('/') + 1)
  const isConfigFolder = /(?:^|\/)(?:config|conf|etc|deploy|k8s|helm|ansible|terraform|secrets?)\//.test(lowered)
  const form = formOf(name) ?? formOf(name.replace(dated, '')) ?? (isConfigFolder ? 'config' : 'prose')
  return {
    form,
    isTest:
      /(?:^|\/)(?:specs?|tests?|testing|test[-_]?data|testcases?|fixtures?|__tests__|__mocks__|__fixtures__|__snapshots__|mocks?|stubs?|e2e|cypress|cassettes|vcr_cassettes|features|samples?|benchmarks?|fake[-_]?data|conformance|t)\//.test(
        lowered,
      ) ||
      /(?:^|[-_.])(?:spec|test|tests|mock|fixture|stub|fake)s?[-_.]|_test\.\w+$|^test_|test(?:case|s)?\.(?:java|kt|cs|php|py)$|\.snap$/.test(
        name,
      ),
    isExample:
      /(?:^|[-_.])(?:examples?|samples?|templates?|dist|demo|skel|skeleton|defaults?|tmpl|tpl|stub)(?:[-_.]|$)/.test(
        name,
      ) || /(?:^|\/)(?:examples?|samples?|demos?|templates?|tutorials?|playground|skel|snippets)\//.test(lowered),
    isDocumentation:
      (form === 'prose' &&
        /\.(?:md|mdx|markdown|rst|adoc|asciidoc|rdoc|pod|tex|org|[1-9])$|^(?:readme|change|news|history|install|contributing|todo)/.test(
          name,
        )) ||
      /(?:^|\/)(?:docs?|documentation|man|manual|help|wiki|website|site-packages\/docs|ri)\//.test(lowered) ||
      /\.(?:ri|chm|texi|info|gmi)$|^(?:pkg-info|metadata|usage)$/.test(name),
    isLocale:
      /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages?|translations?|lproj|messages|nls|_locales)(?:\/|\.|$)|\.(?:po|pot|strings|xlf|xliff|resx|arb)$|(?:^|[-_.])(?:messages|translations?|strings|i18n|locale)[-_.]/.test(
        lowered,
      ),
    isLock:
      /(?:^|[-_.])lock(?:\.json|\.ya?ml|file)?$|^(?:gemfile\.lock|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|go\.sum|cargo\.lock|poetry\.lock|composer\.lock|pipfile\.lock|mix\.lock|packages\.lock\.json|flake\.lock|record|\.terraform\.lock\.hcl|uv\.lock|bun\.lockb?|podfile\.lock)$|\.(?:lock|sum|sha\d*|sha\d*sums?|md5|md5sums|asc|sig)$|(?:md5|sha\d+)sums?$/.test(
        name,
      ),
    isDevelopment:
      /(?:^|[-_./])(?:dev|devel|development|local|localhost|test|tests|ci|sandbox|vagrant|devcontainer)(?:[-_./]|$)/.test(
        lowered,
      ),
    isProduction: /(?:^|[-_./])(?:prod|production|live|release)(?:[-_./]|$)/.test(lowered),
    isGenerated:
      /\.min\.\w+$|[-.]bundle\.\w+$|(?:^|\/)(?:dist|bundles?)\/.*\.(?:js|css|mjs|cjs)$|\.map$|_pb2?\.\w+$|\.pb\.\w+$|\.svg$|\.css$/.test(
        lowered,
      ),
  }
}

function formOf(name: string): FileSetting['form'] | undefined {
  return forms.find(([, pattern]) => pattern.test(name))?.[0] ?? (configNames.test(name) ? 'config' : undefined)
}
