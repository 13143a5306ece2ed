import type { Tree } from '../../tree.ts'
import { joinPath } from '../find-file.ts'

/** Servers that a program can be run with, by its lock file, or by its Gemfile; undefined where neither is there. */
export function installedServers(tree: Tree, folder: string): ReadonlySet<string> | undefined {
  const lock = tree.file(joinPath(folder, 'Gemfile.lock'))?.text
  if (lock !== undefined) return named(lock.matchAll(/^ {4}([\w-]+) \(/gm))
  const gemfile = tree.file(joinPath(folder, 'Gemfile'))?.text
  return gemfile === undefined ? undefined : named(gemfile.matchAll(/^[ \t]*gem[ \t(]+["']([\w-]+)["']/gm))
}

const servers = new Set(['puma', 'thin', 'falcon', 'webrick', 'unicorn', 'passenger', 'iodine', 'mongrel', 'reel'])

function named(matches: Iterable<RegExpExecArray>): ReadonlySet<string> {
  return new Set([...matches].flatMap(([, name]) => (name !== undefined && servers.has(name) ? [name] : [])))
}

/** Who asks, and the order in which it takes the first server that is installed (Sinatra 3 and 4, Rack 2 and 3). */
export const serverOrders = {
  sinatra: ['thin', 'falcon', 'puma', 'webrick'],
  rack: ['puma', 'thin', 'falcon', 'webrick'],
} as const
