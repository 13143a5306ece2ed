import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { KeyKind } from '../src/keys/kind.ts'
import { loadKinds } from '../src/keys/load-kinds.ts'
import { randomText } from '../src/keys/random.ts'
import type { Corpus } from './corpora.ts'

const versionsOfFile = 30
const filesInCommit = 3
const sourceBytesMax = 16_384
/** One version in so many holds a key, which the next one does not. */
const versionsForKey = 500
const filesInFolder = 60
const firstCommitSeconds = 1_600_000_000

/**
 * A repository with `versions` different contents of files and no file checked out: each source is changed by a line or
 * two in one commit after another, in turn with the others. All of it is in one pack, in deltas.
 */
export async function writeHistory(
  folder: string,
  versions: number,
  sources: readonly { readonly path: string; readonly name: string }[],
): Promise<Corpus> {
  mkdirSync(folder, { recursive: true })
  git(folder, ['init', '--quiet', '--initial-branch=main'])
  const kinds = (await loadKinds()).filter(({ shape }) => shape)
  const importing = spawn('git', ['fast-import', '--quiet', '--done'], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = once(importing, 'exit')
  let bytes = 0
  for (const commit of commitsOf(readSources(sources, versions), versions, kinds)) {
    bytes += commit.bytes
    if (!importing.stdin.write(commit.text)) await once(importing.stdin, 'drain')
  }
  importing.stdin.end('done\n')
  const [status] = await ended
  if (status !== 0) throw new Error(`git fast-import ended with ${status}`)
  return { files: versions, bytes }
}

interface ChangingFile {
  readonly name: string
  readonly lines: string[]
  changes: number
}

function readSources(sources: readonly { readonly path: string; readonly name: string }[], versions: number) {
  const files: ChangingFile[] = []
  const wanted = Math.ceil(versions / versionsOfFile)
  for (const { path, name } of sources) {
    if (files.length === wanted) break
    const text = readFileSync(path, 'latin1')
    if (text.length > 500 && text.length <= sourceBytesMax)
      files.push({
        name: `${folderOf(files.length)}/${files.length}-${basename(name)}`,
        lines: text.split('\n'),
        changes: 0,
      })
  }
  if (files.length === 0) throw new Error('there is no Ruby to make a history of')
  return files
}

function folderOf(index: number): string {
  return `lib/part${Math.floor(index / filesInFolder)}`
}

function* commitsOf(files: readonly ChangingFile[], versions: number, kinds: readonly KeyKind[]) {
  const random = streamOf('history')
  const keys = randomText((length) => random.bytes(length))
  let made = 0
  for (let number = 0; made < versions; number++) {
    const message = `Change ${number}`
    let text = `commit refs/heads/main\ncommitter Author <author@example.com> ${firstCommitSeconds + number * 60} +0000\ndata ${message.length}\n${message}\n`
    let bytes = 0
    for (let i = 0; i < filesInCommit && made < versions; i++, made++) {
      const file = files[made % files.length]
      if (!file) continue
      change(file, made, random)
      const kind = kinds[Math.floor(made / versionsForKey) % kinds.length]
      const withKey = made % versionsForKey === versionsForKey - 1 && kind ? [`KEY = '${kind.example(keys)}'`] : []
      const content = [...file.lines, ...withKey].join('\n')
      text += `M 100644 inline ${file.name}\ndata ${content.length}\n${content}\n`
      bytes += content.length
    }
    yield { text: Buffer.from(text, 'latin1'), bytes }
  }
}

/** The first version is the file as it is, but for a line that makes every version different from all others. */
function change(file: ChangingFile, version: number, random: ReturnType<typeof streamOf>): void {
  const { lines } = file
  if (file.changes++ > 0) {
    const at = random.below(lines.length)
    const other = lines[random.below(lines.length)] ?? ''
    lines.splice(at, random.below(3), other)
  }
  lines[0] = `# version ${version}`
}

/** Numbers that come again in every run. */
function streamOf(name: string) {
  let block = createHash('sha256').update(name).digest()
  let at = 0
  const byte = () => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest()
      at = 0
    }
    return block[at++] ?? 0
  }
  return {
    bytes: (length: number) => Uint8Array.from({ length }, byte),
    below: (limit: number) => (byte() * 65_536 + byte() * 256 + byte()) % limit,
  }
}

function git(folder: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args[0]}: ${error?.message ?? stderr.trim()}`)
}
