import type { NginxDirective } from '../../configuration/read-nginx.ts'
import { isPrivateFolder, type ProgramFolders } from '../program-folders.ts'
import type { ServedFiles } from '../proxy.ts'
import { type Levels, setting } from './context.ts'

/** Folders that a server's locations hand out and that hold more than what is meant for clients. */
export function servedFiles(server: NginxDirective, levels: Levels, programs: ProgramFolders): readonly ServedFiles[] {
  const directives = server.block ?? []
  return [...escapes(directives, 0), ...wholeRoots(directives, levels, programs)]
}

/** `location /files { alias /srv/files/; }`: `/files../secret` is `/srv/files/../secret`. */
function* escapes(directives: readonly NginxDirective[], depth: number): Generator<ServedFiles> {
  for (const { name, args, block } of directives) {
    if (name !== 'location' || !block || depth > 16) continue
    const [first, second] = args
    const prefix = second ? (first?.value === '^~' ? second : undefined) : first
    const alias = block.find((inner) => inner.name === 'alias')
    const folder = alias?.args[0]?.value ?? ''
    if (prefix && alias && /^\/[^~@]*[^/]$/.test(prefix.value) && folder.endsWith('/'))
      yield {
        file: alias.file,
        start: prefix.start,
        end: prefix.end,
        correction: `${prefix.value}/`,
        says: `the location ${prefix.value} has no slash at its end and its alias has: ${prefix.value}../ is the folder above ${folder}`,
        fix: `End the location with a slash too: location ${prefix.value}/ { … }`,
      }
    yield* escapes(block, depth + 1)
  }
}

function* wholeRoots(
  directives: readonly NginxDirective[],
  levels: Levels,
  programs: ProgramFolders,
): Generator<ServedFiles> {
  const locations = directives.filter(({ name, block }) => name === 'location' && block)
  const guards = locations.filter(({ args, block }) => isGuard(args.map(({ value }) => value).join(' '), block ?? []))
  const places: readonly { readonly levels: Levels; readonly isServed: boolean }[] = [
    { levels, isServed: handsOut(directives, locations) },
    ...locations
      .filter((location) => !guards.includes(location))
      .map(({ block = [] }) => ({ levels: [...levels, block], isServed: !isAnswered(block) })),
  ]
  for (const place of places) {
    const root = place.isServed ? setting(place.levels, 'root') : undefined
    const folder = root?.args[0]
    const reason = folder && isPrivateFolder(folder.value, programs)
    if (!root || !folder || !reason || !levelsOwn(place.levels, root)) continue
    // A guard for names that begin with a dot leaves the source to whoever asks.
    yield {
      file: root.file,
      start: folder.start,
      end: folder.end,
      correction: `${folder.value.replace(/\/$/, '')}/public`,
      says: `root ${folder.value} is ${reason}: its source, .env and .git answer to whoever asks for them`,
      fix: `Serve only the public folder: root ${folder.value.replace(/\/$/, '')}/public; and turn away names that begin with a dot: location ~ /\\. { deny all; }`,
    }
  }
}

function levelsOwn(levels: Levels, directive: NginxDirective): boolean {
  return levels.at(-1)?.includes(directive) === true
}

function isGuard(pattern: string, block: readonly NginxDirective[]): boolean {
  return /\\\./.test(pattern) && isAnswered(block)
}

function isAnswered(block: readonly NginxDirective[]): boolean {
  return (
    block.some(
      ({ name, args }) =>
        name === 'return' ||
        name === 'internal' ||
        /_pass$/.test(name) ||
        (name === 'deny' && args[0]?.value === 'all'),
    ) && !block.some(({ name }) => name === 'try_files')
  )
}

/** Whether files of the server's root are answered at all: unless `/` passes everything on. */
function handsOut(directives: readonly NginxDirective[], locations: readonly NginxDirective[]): boolean {
  if (directives.some(({ name }) => name === 'return')) return false
  const main = locations.find(({ args }) => args.length === 1 && args[0]?.value === '/')
  return !main || !isAnswered(main.block ?? [])
}
