import { resolve } from 'node:path'
import { realFiles } from '../config/files.ts'
import { SallyportError } from '../errors.ts'
import {
  type Baseline,
  type BaselineEntry,
  type BaselineProblem,
  compareWithBaseline,
  entryOf,
  newSalt,
  readBaseline,
  writeBaseline,
} from '../finding/baseline.ts'
import type { Finding, SuppressedFinding } from '../finding/finding.ts'
import { printable } from '../finding/mask.ts'
import { limits } from '../limits.ts'
import type { World } from './command.ts'
import { openOutputFile } from './output-file.ts'

/** Read where it is there and nothing else is said. */
export const defaultBaseline = '.sallyport-baseline.json'

export interface BaselineFlags {
  readonly baseline?: string
  readonly writeBaseline?: string
  readonly updateBaseline: boolean
  /** The baseline of the current folder is not read unless it is named. */
  readonly untrusted: boolean
}

/** What is left of the findings beside the baseline. */
export interface BaselineOutcome {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly gone: readonly BaselineEntry[]
}

/**
 * To be called before the scan: raises CLI_USAGE, FILE_UNREADABLE, BASELINE_INVALID or FILE_UNWRITABLE. `covers` says whether
 * the scan has looked at what an entry is about: what it has not, is not gone.
 */
export async function openBaseline(
  world: World,
  flags: BaselineFlags,
): Promise<(findings: readonly Finding[], covers: (entry: BaselineEntry) => boolean) => BaselineOutcome> {
  const { writeBaseline: target, updateBaseline: isUpdating } = flags
  if (target !== undefined && (flags.baseline !== undefined || isUpdating))
    throw new SallyportError(
      'CLI_USAGE',
      '--write-baseline makes a new one: leave --baseline and --update-baseline out',
    )
  if (target !== undefined) {
    const output = openOutputFile(world, target)
    return (findings) => {
      const salt = newSalt()
      const entries = findings.map((finding) => entryOf(finding, salt))
      output.write(writeBaseline({ salt, entries }))
      return { ...compareWithBaseline(findings, { salt, entries }), gone: [] }
    }
  }
  const name = flags.baseline ?? defaultBaseline
  if (flags.untrusted && flags.baseline === undefined && isUpdating)
    throw new SallyportError('CLI_USAGE', '--untrusted reads no baseline of the tree: name one with --baseline')
  const isLeftOut = flags.untrusted && flags.baseline === undefined
  const baseline = isLeftOut ? undefined : await readFile(world, name, flags.baseline === undefined && !isUpdating)
  if (!baseline) return (findings) => ({ findings, suppressed: [], gone: [] })
  const output = isUpdating ? openOutputFile(world, name) : undefined
  return (found, covers) => {
    const { findings, suppressed, kept, gone } = compareWithBaseline(found, baseline)
    const unseen = gone.filter((entry) => !covers(entry))
    output?.write(writeBaseline({ salt: baseline.salt, entries: [...kept, ...unseen] }))
    return { findings, suppressed, gone: output ? [] : gone.filter(covers) }
  }
}

async function readFile(world: World, name: string, mayBeMissing: boolean): Promise<Baseline | undefined> {
  const read = realFiles.read(resolve(world.directory, name), limits.baselineBytesMax)
  if ('problem' in read) {
    if (mayBeMissing && read.isMissing) return undefined
    throw new SallyportError('FILE_UNREADABLE', `${printable(name)}: ${read.problem}`)
  }
  const text = new TextDecoder().decode(read.bytes)
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw notJson(name, text, cause)
  }
  const baseline = readBaseline(data)
  if ('problems' in baseline) throw await invalid(name, text, baseline.problems)
  return baseline
}

/** The parser's own message quotes the file; only its position is taken. */
function notJson(name: string, text: string, cause: unknown): SallyportError {
  const position = Number(/at position (\d+)/.exec(String(cause))?.[1] ?? text.length)
  const lines = text.slice(0, position).split('\n')
  const place = `${lines.length}:${(lines.at(-1) ?? '').length + 1}`
  const message = `${printable(name)}:${place}: is not JSON from here on; write it anew with --write-baseline`
  return new SallyportError('BASELINE_INVALID', message)
}

const problemsShown = 10

/** With the places, for which JSON is read once more as the YAML that it is. */
async function invalid(name: string, text: string, problems: readonly BaselineProblem[]): Promise<SallyportError> {
  const { parseYaml } = await import('../config/parse-yaml.ts')
  const yaml = parseYaml(text)
  const lines = problems.slice(0, problemsShown).map(({ path, message }) => {
    const { line, column } = yaml.place(path)
    const within = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${printable(part)}`)).join('')
    return `${printable(name)}:${line}:${column}${within === '' ? '' : ` ${within.replace(/^\./, '')}`}: ${message}`
  })
  return new SallyportError('BASELINE_INVALID', lines.join('\n'))
}
