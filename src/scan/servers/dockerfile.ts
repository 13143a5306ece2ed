import type { SourceFile } from '../source-file.ts'
import type { Tree } from '../tree.ts'
import { findFile, folderOf, hasFolder, joinPath } from './find-file.ts'
import type { Command, StartPlace } from './starts-of.ts'

/** What a container of an image does, as the file that builds it says. */
export interface Image {
  readonly entrypoint?: Instruction
  readonly command?: Instruction
  readonly environment: ReadonlyMap<string, string>
  /** The folder of the tree that it works in. */
  readonly folder: string
}

/** A command of the image, and where it stands. */
export interface Instruction {
  readonly command: Command
  readonly start: number
  readonly end: number
}

interface Stage {
  readonly name: string
  readonly environment: Map<string, string>
  entrypoint?: Instruction
  command?: Instruction
  workingDirectory: string
  /** Folders of the container and what of the tree was copied there. */
  readonly copied: Map<string, string>
}

/** The image that a Dockerfile makes in the end: its last stage, or the one that is named. */
export function readDockerfile(tree: Tree, file: SourceFile, context: string, target?: string): Image | undefined {
  const stages: Stage[] = []
  const args = new Map<string, string>()
  for (const { name, text, start, end } of instructions(file.text)) {
    const stage = stages.at(-1)
    if (name === 'FROM') stages.push(stageFrom(text, stages))
    else if (name === 'ARG') {
      const [, key, value] = /^(\w+)=(.*)$/.exec(text) ?? []
      if (key !== undefined) (stage?.environment ?? args).set(key, unquoted(value ?? ''))
    } else if (stage) take(tree, stage, { name, text, start, end }, context)
  }
  const stage = target === undefined ? stages.at(-1) : stages.findLast(({ name }) => name === target)
  if (!stage) return undefined
  return {
    ...(stage.entrypoint ? { entrypoint: stage.entrypoint } : {}),
    ...(stage.command ? { command: stage.command } : {}),
    environment: stage.environment,
    folder: stage.copied.get(stage.workingDirectory) ?? context,
  }
}

/** What runs: the entry point with the command behind it; a shell's text takes nothing behind it. */
export function commandOf(entrypoint: Command | undefined, command: Command | undefined): Command | undefined {
  if (entrypoint === undefined || entrypoint.length === 0) return command
  if (typeof entrypoint === 'string') return entrypoint
  if (typeof command === 'string') return [...entrypoint, 'sh', '-c', command]
  return [...entrypoint, ...(command ?? [])]
}

/** The start that an image is, where it says one itself. */
export function imagePlace(file: SourceFile, image: Image): StartPlace | undefined {
  const at = image.command ?? image.entrypoint
  if (!at) return undefined
  const { environment, folder } = image
  return { from: 'dockerfile', file, start: at.start, end: at.end, environment, folder, isContained: true }
}

interface Line {
  readonly name: string
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Instructions with their lines joined; comments, also between joined lines, and here-documents left out. */
function instructions(text: string): Line[] {
  const found: Line[] = []
  let at = 0
  while (at < text.length) {
    const start = at
    const parts: string[] = []
    let end = at
    while (at < text.length) {
      const lineFeed = text.indexOf('\n', at)
      const lineEnd = lineFeed === -1 ? text.length : lineFeed
      const line = text.slice(at, lineEnd).trimEnd()
      at = lineEnd + 1
      const isComment = /^\s*#/.test(line)
      if (isComment && parts.length > 0) continue
      end = lineEnd
      if (isComment) break
      const continues = /[\\`]$/.test(line)
      parts.push(continues ? line.slice(0, -1) : line)
      if (!continues) break
    }
    const [, name, rest] = /^\s*([A-Za-z]{2,20})\s+(\S[\s\S]*)$/.exec(parts.join('\n')) ?? []
    if (name === undefined || rest === undefined) continue
    const indent = text.slice(start).search(/\S/)
    found.push({ name: name.toUpperCase(), text: rest.trim(), start: start + indent, end })
    if (name.toUpperCase() === 'RUN' || name.toUpperCase() === 'COPY') at = afterHere(text, rest, at)
  }
  return found
}

/** Behind the here-documents of an instruction; one that does not end takes all that is left. */
function afterHere(text: string, instruction: string, at: number): number {
  let next = at
  for (const [, , word] of instruction.matchAll(/<<-?(["']?)(\w{1,80})\1/g)) {
    const ending = new RegExp(`^[ \\t]*${word}[ \\t\\r]*$`, 'gm')
    ending.lastIndex = next
    if (!ending.test(text)) return text.length
    next = ending.lastIndex + 1
  }
  return next
}

function stageFrom(text: string, stages: readonly Stage[]): Stage {
  const [, base, name] = /^(?:--\S+\s+)*(\S+)(?:\s+[Aa][Ss]\s+(\S+))?/.exec(text) ?? []
  const parent = stages.findLast((stage) => stage.name === base)
  return {
    ...(parent ?? { workingDirectory: '' }),
    name: name ?? '',
    environment: new Map(parent?.environment),
    copied: new Map(parent?.copied),
  }
}

function take(tree: Tree, stage: Stage, { name, text, start, end }: Line, context: string): void {
  if (name === 'ENV') for (const [key, value] of pairsOf(text)) stage.environment.set(key, value)
  else if (name === 'WORKDIR') {
    const path = unquoted(text)
    stage.workingDirectory = path.startsWith('/') ? path.replace(/\/+$/, '') : `${stage.workingDirectory}/${path}`
  } else if (name === 'COPY' || name === 'ADD') takeCopy(tree, stage, text, context)
  else if (name === 'CMD') stage.command = { command: commandText(text), start, end }
  else if (name === 'ENTRYPOINT') {
    stage.entrypoint = { command: commandText(text), start, end }
    // An image's own entry point takes no command that its base has said.
    delete stage.command
  }
}

/** `COPY services/api /app` makes `/app` that folder of the tree. */
function takeCopy(tree: Tree, stage: Stage, text: string, context: string): void {
  if (/--from=/.test(text)) return
  const words = commandText(text.replace(/^(?:--\S+\s+)+/, ''))
  const [from, to] = typeof words === 'string' ? words.split(/\s+/) : words
  if (from === undefined || to === undefined) return
  const inside = to.startsWith('/') ? to.replace(/\/+$/, '') : joinedInside(stage.workingDirectory, to)
  const folder = joinPath(context, from)
  const isFolder = folder === context || hasFolder(tree, folder)
  if (isFolder && !stage.copied.has(inside)) stage.copied.set(inside, folder)
}

function joinedInside(folder: string, path: string): string {
  const joined = joinPath(folder, path)
  return joined === '' ? '' : `/${joined}`
}

/** `["puma", "-p", "80"]` is words, everything else a shell's text. */
function commandText(text: string): Command {
  if (!text.startsWith('[')) return text
  try {
    const words: unknown = JSON.parse(text.replace(/\n/g, ' '))
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words
  } catch {
    // Not JSON: the shell is given the text, as Docker does.
  }
  return text
}

/** `A=b C="d e"` and the old `A b`. */
function pairsOf(text: string): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = []
  for (const [, key, value] of text.matchAll(/([A-Za-z_]\w{0,100})=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*)/g))
    if (key !== undefined) pairs.push([key, unquoted(value ?? '')])
  if (pairs.length > 0) return pairs
  const [, key, value] = /^(\w+)\s+(\S.*)$/s.exec(text) ?? []
  return key === undefined ? [] : [[key, value ?? '']]
}

export function unquoted(text: string): string {
  const isQuoted = text.length > 1 && /^["']/.test(text) && text.endsWith(text.charAt(0))
  return isQuoted ? text.slice(1, -1) : text
}

/** The Dockerfile that a build's folder and file name mean. */
export function dockerfileIn(tree: Tree, context: string, name: string | undefined): SourceFile | undefined {
  const path = findFile(tree, context, name ?? 'Dockerfile') ?? findFile(tree, context, 'Containerfile')
  return path === undefined ? undefined : tree.file(path)
}

/** The folder that is the build's context when nothing says another: docker/Dockerfile is built from above. */
export function contextOf(path: string): string {
  const folder = folderOf(path)
  return /(?:^|\/)\.?(?:docker|build|deploy|containers?)$/.test(folder) ? folderOf(folder) : folder
}
