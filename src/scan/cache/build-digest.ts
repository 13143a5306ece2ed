import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Tells one build of the scanner from any other: what another one has found is nothing to us. */
export function buildDigest(): string {
  // In the bundle everything lies beside this entry; in source, two folders up.
  const entry = fileURLToPath(new URL('../workers/scan-worker.entry.ts', import.meta.url))
  const hash = createHash('sha256').update(`${process.versions.v8} ${process.arch}`)
  if (entry.endsWith('.js')) addBundle(dirname(entry), hash)
  else addSource(dirname(dirname(dirname(entry))), hash)
  return hash.digest('base64url')
}

/** A chunk's name holds a hash of its content; an entry's does not. */
function addBundle(folder: string, hash: ReturnType<typeof createHash>): void {
  for (const name of readdirSync(folder).sort()) {
    hash.update(`${name}\n`)
    if (name.endsWith('.js') && !name.startsWith('chunk-')) hash.update(readFileSync(join(folder, name)))
  }
}

function addSource(folder: string, hash: ReturnType<typeof createHash>): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const { size, mtimeMs } = statSync(join(folder, name))
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
}
