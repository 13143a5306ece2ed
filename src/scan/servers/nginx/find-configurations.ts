import { limits } from '../../../limits.ts'
import { type NginxDirective, readNginx } from '../../configuration/read-nginx.ts'
import type { Tree } from '../../tree.ts'
import { findIncluded } from '../find-included.ts'
import { includeBudget } from '../include-budget.ts'

/**
 * The `server` blocks' surroundings that the tree holds: each main file with what it includes, and each file of servers
 * that no main file includes. Directives are those of the main level, with `http` and `stream` blocks.
 */
export function findConfigurations(
  tree: Tree,
  gap: (sentence: string) => void,
): readonly (readonly NginxDirective[])[] {
  const read = new Map<string, readonly NginxDirective[]>()
  const candidates = tree.paths.filter((path) => mayBeNginx(path))
  const directivesOf = (path: string): readonly NginxDirective[] => {
    const known = read.get(path)
    if (known) return known
    const file = tree.file(path)
    if (!file) return []
    const { directives, problems } = readNginx(file)
    const [problem] = problems
    if (problem) {
      const { line, column } = file.place(problem.start, problem.start)
      gap(`${path}:${line}:${column}: ${problem.says}; what could be read of this nginx configuration was judged`)
    }
    read.set(path, directives)
    return directives
  }
  const included = new Set<string>()
  const roots = candidates.filter((path) => isMain(tree.file(path)?.text ?? ''))
  const found = roots.map((path) => withIncludes(tree, path, directivesOf, included, gap))
  for (const path of candidates) {
    const text = tree.file(path)?.text ?? ''
    if (included.has(path) || roots.includes(path) || !isPart(text)) continue
    const directives = withIncludes(tree, path, directivesOf, included, () => {})
    const [first] = directives
    if (first) found.push([{ ...first, name: 'http', args: [], block: directives }])
  }
  return found
}

/** By the usual names and places; what is in it decides. */
function mayBeNginx(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/\.(?:nginx|nginxconf|vhost)(?:\.(?:erb|j2|tmpl|template|tpl))?$/i.test(name)) return true
  if (/\.conf(?:\.(?:erb|j2|tmpl|template|tpl|sample|production|prod|in|dist))?$/i.test(name)) return true
  if (/^nginx[\w.-]*$/i.test(name) && !/\.(?:md|sh|rb|py|service|html|log|ts|js|go|txt)$/i.test(name)) return true
  return /(?:^|\/)(?:sites-(?:enabled|available)|nginx)\/[^/.]+(?:\.(?:erb|j2|tmpl|template))?$/.test(path)
}

function isMain(text: string): boolean {
  return (
    /^[ \t]*(?:http|stream)[ \t\r\n]*\{/m.test(text) && /(?:^|[{};])[ \t]*(?:server|include|upstream)\b/m.test(text)
  )
}

/** Servers, or what stands around them, without a main file: a file for `conf.d`. */
function isPart(text: string): boolean {
  return (
    /^[ \t]*server[ \t\r\n]*\{/m.test(text) &&
    /(?:^|[{};])[ \t]*(?:listen|server_name|location|proxy_pass|root|return|ssl_certificate)[ \t]/m.test(text)
  )
}

function withIncludes(
  tree: Tree,
  root: string,
  directivesOf: (path: string) => readonly NginxDirective[],
  included: Set<string>,
  gap: (sentence: string) => void,
): readonly NginxDirective[] {
  const budget = includeBudget()
  const expand = (directives: readonly NginxDirective[], chain: readonly string[]): readonly NginxDirective[] =>
    directives.flatMap((directive): readonly NginxDirective[] => {
      const { name, args, block, file, start } = directive
      if (!budget.mayHold()) return []
      if (name !== 'include') return [block ? { ...directive, block: expand(block, chain) } : directive]
      if (!budget.mayLook()) return []
      const pattern = args[0]?.value ?? ''
      const paths = findIncluded(tree, root, file.path, pattern)
      if (paths.length === 0 && !isShipped(pattern))
        gap(
          `${file.path}:${file.place(start, start).line}: includes ${file.quote(args[0]?.start ?? start, args[0]?.end ?? start)}, which is not here; not read`,
        )
      return paths.flatMap((path) => {
        if (chain.includes(path) || !budget.mayInclude() || chain.length > limits.configurationDepthMax) return []
        included.add(path)
        return expand(directivesOf(path), [...chain, path])
      })
    })
  const expanded = expand(directivesOf(root), [root])
  const reached = budget.reached()
  if (reached !== undefined) gap(`${root}: ${reached}`)
  return expanded
}

/** Files that every nginx has, and whose content is known to say nothing of clients. */
function isShipped(pattern: string): boolean {
  return /(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|modules-enabled\/\*\.conf|options-ssl-nginx\.conf|snippets\/fastcgi-php\.conf|koi-(?:utf|win)|win-utf)$/.test(
    pattern,
  )
}
