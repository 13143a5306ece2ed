import { emptyFile } from '../certificates/tree-certificates.ts'
import type { Problem, Rule, TreeEvidence } from '../rule.ts'
import { type ServedFolder, servedFolders } from '../servers/ruby/served-folders.ts'

/** Files that are not meant for clients, and what each is. */
const privateFiles: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)\.env(?:\.(?!example$|sample$|template$|dist$)[\w.]+)?$/, 'a file of environment variables'],
  [/(?:^|\/)\.(?:git|svn|hg)\//, 'a part of the repository'],
  [/(?:^|\/)\.(?:git-credentials|netrc|npmrc|pypirc|htpasswd|pgpass)$/, 'a file of passwords'],
  [/\.(?:bak|old|orig|save|swp|swo|tmp)$|~$|(?:^|\/)#[^/]+#$/, 'a copy that an editor or a person has left'],
  [
    /\.(?:sql|dump|sqlite3?|db)(?:\.gz)?$|(?:^|\/)(?:backup|dump)[\w.-]*\.(?:zip|tar|tgz|gz|bz2|xz)$/i,
    'a copy of a database',
  ],
  [/\.(?:key|p12|pfx|jks|keystore)$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/, 'a private key'],
  [
    /(?:^|\/)(?:config|settings|database|secrets|credentials|application)(?:\.\w+)?\.(?:ya?ml|toml|ini)$/,
    'a configuration',
  ],
  [
    /(?:^|\/)(?:Gemfile|Gemfile\.lock|Rakefile|Procfile|config\.ru|Dockerfile|(?:docker-)?compose\.ya?ml)$|\.(?:rb|ru|erb)$/,
    'a part of the source',
  ],
]

export const privateFilesInPublicFolder: Rule = {
  id: 'private-files-in-public-folder',
  about: 'tree',
  title: 'Files that are not meant for clients are served',
  severity: 'high',
  cwe: 552,
  explanation: `A folder whose files every client may have holds more than that: a \`.env\`, the repository, source, a copy that an editor has
left (\`app.rb~\`), a database's dump, a private key. With \`set :public_folder, '.'\` or \`Rack::Static\` over the program's own folder
all of the program is served. Scanners ask every server for these names.

**Fix.** Serve a folder that holds what clients are meant to have and nothing else, and move everything else out of it.`,
  examples: {
    bad: [
      { 'app.rb': "require 'sinatra'\nset :public_folder, '.'\nget('/') { 'ok' }\n", '.env.example': 'PORT=\n' },
      { 'app.rb': "require 'sinatra'\nset :public_folder, __dir__\nget('/') { 'ok' }\n" },
      { 'app.rb': "require 'sinatra'\nget('/') { 'ok' }\n", 'public/.env': 'PORT=3000\n' },
      { 'app.rb': "require 'sinatra'\nget('/') { 'ok' }\n", 'public/app.rb~': "require 'sinatra'\n" },
      {
        'config.ru': "use Rack::Static, urls: ['/'], root: '.'\nrun ->(_env) { [200, {}, []] }\n",
        'app.rb': 'x = 1\n',
      },
      {
        'app.rb': "require 'sinatra'\nset :public_folder, File.join(__dir__, 'static')\nget('/') { 'ok' }\n",
        'static/backup.sql': 'CREATE TABLE a (b int);\n',
      },
    ],
    good: [
      { 'app.rb': "require 'sinatra'\nset :public_folder, 'public'\nget('/') { 'ok' }\n", 'public/site.css': 'a {}\n' },
      {
        'app.rb': "require 'sinatra'\nget('/') { 'ok' }\n",
        '.env.sample': 'PORT=\n',
        'public/.env.example': 'PORT=\n',
      },
      {
        'config.ru': "use Rack::Static, urls: ['/assets'], root: '.'\nrun ->(_env) { [200, {}, []] }\n",
        'assets/site.js': 'x()\n',
        'app.rb': 'x = 1\n',
      },
      {
        'app.rb': "require 'sinatra'\nset :public_folder, File.expand_path('../static', __FILE__)\nget('/') { 'ok' }\n",
        'static/logo.svg': '<svg/>\n',
        'db/backup.sql': 'CREATE TABLE a (b int);\n',
      },
    ],
  },
  *check(evidence) {
    const { tree } = evidence
    const named = foldersNamed(evidence)
    const whole = named.filter(({ folder }) => holdsSource(evidence, folder))
    for (const served of oncePerFolder(whole)) yield wholeProblem(served)
    const folders = new Set([
      ...named.filter((served) => !whole.includes(served)).map(({ folder }) => folder),
      ...evidence.programs
        .filter(({ frameworks }) => frameworks.length > 0)
        .map(({ folder }) => inside(folder, 'public')),
    ])
    for (const path of tree.paths) {
      const folder = [...folders].find((each) => path.startsWith(`${each}/`))
      const what = folder === undefined ? undefined : whatIs(evidence, path, path.slice(folder.length + 1))
      if (what === undefined || folder === undefined) continue
      yield {
        file: tree.file(path) ?? emptyFile(path),
        start: 0,
        end: 0,
        confidence: 'firm',
        message: `Every client may have ${path.slice(folder.length)}: ${what} stands in the folder that is served.`,
        fix: `Move it out of ${folder}, and change the secrets that are in it.`,
        identity: [path],
      }
    }
  },
}

function foldersNamed({ tree, programs }: TreeEvidence): readonly ServedFolder[] {
  return tree.paths.flatMap((path) => {
    if (!/\.(?:rb|ru)$/.test(path) || /(?:^|\/)(?:tests?|specs?|vendor)\//.test(path)) return []
    // Cheap first: most files of a large tree serve no folder.
    if (!tree.isAbout(path, 'served folder')) return []
    const file = tree.file(path)
    const form = tree.form(path)
    const own = programs
      .map(({ folder }) => folder)
      .filter((folder) => folder === '' || path.startsWith(`${folder}/`))
      .sort((a, b) => b.length - a.length)[0]
    return file && form ? servedFolders(file, form, own ?? '') : []
  })
}

/** Whether the folder is the one that a program stands in. */
function holdsSource({ tree }: TreeEvidence, folder: string): boolean {
  const before = folder === '' ? '' : `${folder}/`
  return tree.paths.some(
    (path) =>
      path.startsWith(before) &&
      /^(?:[^/]+\.(?:rb|ru)|Gemfile(?:\.lock)?|lib\/.*\.rb)$/.test(path.slice(before.length)),
  )
}

function wholeProblem({ file, start, end, named }: ServedFolder): Problem {
  return {
    file,
    start,
    end,
    confidence: 'firm',
    message: "The program's own folder is served: every client may have its source, its .env and its repository.",
    fix: "Serve a folder that holds what clients are meant to have, and nothing else: File.join(__dir__, 'public').",
    correction: `${file.quote(start, named.start)}File.join(__dir__, 'public')${file.quote(named.end, end)}`,
    identity: ['whole'],
  }
}

function whatIs({ tree }: TreeEvidence, path: string, below: string): string | undefined {
  const found = privateFiles.find(([pattern]) => pattern.test(below))?.[1]
  if (found !== undefined) return found
  return /\.pem$/.test(below) && tree.file(path)?.text.includes('PRIVATE KEY') ? 'a private key' : undefined
}

function oncePerFolder(all: readonly ServedFolder[]): readonly ServedFolder[] {
  return all.filter((served, index) => all.findIndex(({ folder }) => folder === served.folder) === index)
}

function inside(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
