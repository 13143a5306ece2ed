import { limits } from '../../../limits.ts'
import { type ApacheDirective, readApache } from '../../configuration/read-apache.ts'
import type { Tree } from '../../tree.ts'
import { findIncluded } from '../find-included.ts'
import { includeBudget } from '../include-budget.ts'

/** Sections that hold or not by what is built in or defined at start: read as if they held. */
const transparent = new Set(['ifmodule', 'ifdefine', 'ifversion', 'ifdirective', 'iffile', 'ifsection'])

/**
 * Apache's configurations in the tree: each main file (one with `Listen` or `ServerRoot`) with what it includes, and each
 * file of virtual hosts that none includes. `Define`d words are filled in.
 */
export function findConfigurations(
  tree: Tree,
  gap: (sentence: string) => void,
): readonly (readonly ApacheDirective[])[] {
  const candidates = tree.paths.filter((path) => mayBeApache(path) && isApache(tree.file(path)?.text ?? ''))
  const included = new Set<string>()
  const isMain = (path: string) => /^[ \t]*(?:ServerRoot|LoadModule)[ \t]/im.test(tree.file(path)?.text ?? '')
  const mains = candidates.filter(isMain)
  const found = mains.map((path) => withIncludes(tree, path, included, gap))
  for (const path of candidates)
    if (!mains.includes(path) && !included.has(path)) found.push(withIncludes(tree, path, included, gap))
  return found
}

function mayBeApache(path: string): boolean {
  return (
    /\.(?:conf|vhost|apache|htaccess)(?:\.(?:erb|j2|tmpl|template|tpl|in|sample))?$/i.test(path) ||
    /(?:^|\/)sites-(?:enabled|available)\/[^/]+$/.test(path)
  )
}

function isApache(text: string): boolean {
  return (
    /^[ \t]*<VirtualHost[ \t]/im.test(text) ||
    (/^[ \t]*Listen[ \t]+\S+[ \t]*(?:https?)?[ \t]*\r?$/im.test(text) &&
      /^[ \t]*(?:ServerRoot|LoadModule|DocumentRoot|SSLEngine|ProxyPass)[ \t]/im.test(text))
  )
}

function withIncludes(
  tree: Tree,
  root: string,
  included: Set<string>,
  gap: (sentence: string) => void,
): readonly ApacheDirective[] {
  const defined = new Map<string, string>()
  const budget = includeBudget()
  const read = (path: string): readonly ApacheDirective[] => {
    const file = tree.file(path)
    if (!file) return []
    const { directives, problems } = readApache(file)
    const [problem] = problems
    if (problem)
      gap(
        `${path}:${file.place(problem.start, problem.start).line}: ${problem.says}; what could be read of this Apache configuration was judged`,
      )
    return directives
  }
  const expand = (directives: readonly ApacheDirective[], chain: readonly string[]): readonly ApacheDirective[] =>
    directives.flatMap((directive): readonly ApacheDirective[] => {
      if (!budget.mayHold()) return []
      const filled = fill(directive, defined)
      const { name, args, block, file, start } = filled
      if (name === 'define' && args[0]) defined.set(args[0].value, args[1]?.value ?? '')
      if (transparent.has(name) && block) return expand(block, chain)
      if (name !== 'include' && name !== 'includeoptional')
        return [block ? { ...filled, block: expand(block, chain) } : filled]
      if (!budget.mayLook()) return []
      const pattern = args[0]?.value ?? ''
      const paths = findIncluded(tree, root, file.path, pattern)
      if (
        paths.length === 0 &&
        name === 'include' &&
        !/(?:mods|conf|sites)-enabled|ports\.conf|options-ssl-apache/.test(pattern)
      )
        gap(
          `${file.path}:${file.place(start, start).line}: includes ${file.quote(args[0]?.start ?? start, args[0]?.end ?? start)}, which is not here; not read`,
        )
      return paths.flatMap((path) => {
        if (chain.includes(path) || !budget.mayInclude() || chain.length > limits.configurationDepthMax) return []
        included.add(path)
        return expand(read(path), [...chain, path])
      })
    })
  const expanded = expand(read(root), [root])
  const reached = budget.reached()
  if (reached !== undefined) gap(`${root}: ${reached}`)
  return expanded
}

function fill(directive: ApacheDirective, defined: ReadonlyMap<string, string>): ApacheDirective {
  if (defined.size === 0 || !directive.args.some(({ value }) => value.includes('${'))) return directive
  const args = directive.args.map((word) => {
    let { length } = word.value
    const value = word.value.replace(/\$\{(\w{1,80})\}/g, (whole, name: string) => {
      const known = defined.get(name) ?? whole
      length += known.length
      return length > limits.configurationTextMax ? whole : known
    })
    return { ...word, value }
  })
  return { ...directive, args }
}
