/** How comments and texts are written in a kind of file. */
export interface CommentSyntax {
  /** What begins a comment that ends with its line. */
  readonly line: readonly string[]
  readonly block: readonly (readonly [open: string, close: string])[]
  /** Characters around texts in which nothing is a comment. */
  readonly quotes: string
  /** What begins and ends a text of several lines. */
  readonly fences: readonly string[]
  /** Whether `<<NAME` begins a text that ends with a line NAME. */
  readonly heredocs: boolean
}

const slashes = { line: ['//'], block: [['/*', '*/']], quotes: '"\'', fences: [], heredocs: false } as const
const hash = { line: ['#'], block: [], quotes: '"\'', fences: [], heredocs: false } as const
const markup = { line: [], block: [['<!--', '-->']], quotes: '', fences: [], heredocs: false } as const
const none = { line: [], block: [], quotes: '', fences: [], heredocs: false } as const

const syntaxes: readonly (readonly [extensions: string, syntax: CommentSyntax])[] = [
  ['rb ru rake gemspec podspec jbuilder sh bash zsh fish pl pm cr', { ...hash, heredocs: true }],
  ['py pyi ipynb ex exs jl toml', { ...hash, fences: ['"""', "'''"] }],
  ['yml yaml conf cfg env properties r tcl awk mk make cmake dockerfile gitignore', hash],
  ['tf hcl nix', { ...hash, line: ['#', '//'], block: [['/*', '*/']], heredocs: true }],
  ['php', { ...slashes, line: ['//', '#'], heredocs: true }],
  ['js mjs cjs jsx ts mts cts tsx go', { ...slashes, fences: ['`'] }],
  ['java kt kts scala swift dart groovy gradle cs', { ...slashes, fences: ['"""'] }],
  ['c h cc cpp hpp rs proto jsonc json5 scss less zig v sol', slashes],
  ['css', { ...slashes, line: [] }],
  ['sql', { ...slashes, line: ['--'] }],
  ['lua hs elm adb ads vhd', { ...hash, line: ['--'] }],
  ['ini', { ...hash, line: [';', '#'] }],
  ['clj cljs edn el lisp scm asm', { ...hash, line: [';'], quotes: '"' }],
  ['html htm xml svg md markdown vue xhtml plist', markup],
  [
    'erb rhtml ejs',
    {
      ...markup,
      block: [
        ['<!--', '-->'],
        ['<%#', '%>'],
        ['<% #', '%>'],
        ['<%-#', '%>'],
      ],
    },
  ],
  ['haml', { ...markup, line: ['-#', '/'] }],
  ['slim', { ...markup, line: ['/', '/!'] }],
  // No comment can stand in it.
  ['json lock csv tsv pem key crt cer txt', none],
]

/** Of what is in no language that is known: whatever begins a comment somewhere. */
const unknown: CommentSyntax = {
  line: ['#', '//', '--', ';'],
  block: [
    ['<!--', '-->'],
    ['/*', '*/'],
    ['<%#', '%>'],
  ],
  quotes: '"\'',
  fences: [],
  heredocs: false,
}

const byExtension = new Map(
  syntaxes.flatMap(([extensions, syntax]) => extensions.split(' ').map((extension) => [extension, syntax] as const)),
)

/** Files that are known by their names. */
const hashNames = /^(?:Gemfile|Rakefile|Guardfile|Capfile|Vagrantfile|Procfile|Makefile|Dockerfile|Brewfile|\.env)\b/

export function commentSyntax(path: string): CommentSyntax {
  const name = path.split('/').at(-1) ?? ''
  if (hashNames.test(name)) return byExtension.get('sh') ?? hash
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase()
  return byExtension.get(extension ?? '') ?? unknown
}
