import { resolve } from 'node:path'
import type { ScanPlan } from '../config/scan-plan.ts'
import { errorEntry, SallyportError } from '../errors.ts'
import { rootOf } from '../scan/scan-paths.ts'
import { watchTree } from '../scan/watch-tree.ts'
import { defaultBaseline } from './baseline-file.ts'
import type { World } from './command.ts'
import type { ReportFlags } from './report-flags.ts'
import type { ScanFlags } from './scan-flags.ts'

type Given = ReportFlags & ScanFlags

interface Watching {
  readonly world: World
  readonly given: Given
  readonly paths: readonly string[]
  planOf(world: World, flags: ScanFlags): Promise<ScanPlan>
  scanOnce(world: World, given: Given, paths: readonly string[]): Promise<void>
}

/**
 * Scans, and again whenever something has changed, until the command is interrupted; it then ends as its last scan did.
 * A scan that cannot be done because of what was written meanwhile is told, and the next one waited for.
 */
export async function watchScan({ world, given, paths, planOf, scanOnce }: Watching): Promise<void> {
  refuse(given)
  const ended = new AbortController()
  // Once: who asks a second time does not want to wait for the scan that is going on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort())
  let code = 0
  for (let isFirst = true; ; isFirst = false) {
    // From before the scan: what changes while it reads is a change.
    const watch = watchTree(await treeOf({ world, given, paths, planOf }))
    try {
      code = await scanned(isFirst)
      if (ended.signal.aborted) break
      if (world.process.stderr.isTTY) world.process.stderr.write('watching; Ctrl-C ends\n')
      if (!(await watch.changed(ended.signal))) break
    } finally {
      watch.close()
    }
  }
  world.finish(code)

  async function scanned(isFirst: boolean): Promise<number> {
    let finished = 0
    const finish = (asked: number) => {
      finished = asked
    }
    try {
      await scanOnce({ ...world, process: clearing(world), finish }, given, paths)
      return finished
    } catch (error) {
      if (isFirst || !(error instanceof SallyportError)) throw error
      world.process.stderr.write(`sallyport: ${error.message} [${error.code}]\n`)
      return errorEntry(error.code).exit
    }
  }
}

/** What is looked at again and again is the whole tree as it is. */
function refuse({ history, staged, since, writeBaseline, updateBaseline }: Given): void {
  const asked = [
    history && '--history',
    staged && '--staged',
    since !== undefined && '--since',
    writeBaseline !== undefined && '--write-baseline',
    updateBaseline && '--update-baseline',
  ].filter(Boolean)
  if (asked.length > 0) throw new SallyportError('CLI_USAGE', `--watch does not go with ${asked.join(' and ')}`)
}

async function treeOf({ world, given, paths, planOf }: Omit<Watching, 'scanOnce'>) {
  const { exclude, includeIgnored, baseline } = await planOf(world, given).catch(nothingSaid)
  const at = (path: string) => resolve(world.directory, path)
  return {
    roots: (paths.length > 0 ? paths : ['.']).map((path) => rootIfThere(world.directory, path)),
    options: {
      takesIgnored: !given.ignore || includeIgnored || given.untrusted,
      exclude: [...exclude, ...(given.exclude ?? [])],
    },
    beside: [given.config ?? 'sallyport.yaml', given.baseline ?? baseline ?? defaultBaseline].map(at),
    except: [given.output, ...(given.format ?? []).map(({ file }) => file)].flatMap((file) => (file ? [at(file)] : [])),
  }
}

/** The scan will say that it is not. */
function rootIfThere(directory: string, path: string): readonly [root: string, name: string] {
  try {
    return rootOf(directory, path)
  } catch {
    return [resolve(directory, path), '']
  }
}

/** The scan will say what is wrong with the configuration. */
function nothingSaid(): Pick<ScanPlan, 'exclude' | 'includeIgnored' | 'baseline'> {
  return { exclude: [], includeIgnored: false }
}

/** On a terminal each report takes the place of the one before. */
function clearing({ process: { stdout, stderr } }: World): World['process'] {
  let isCleared = stdout.isTTY !== true
  return {
    stderr,
    stdout: {
      ...(stdout.isTTY === undefined ? {} : { isTTY: stdout.isTTY }),
      ...(stdout.columns === undefined ? {} : { columns: stdout.columns }),
      write(text) {
        stdout.write(isCleared ? text : `\u001b[2J\u001b[3J\u001b[H${text}`)
        isCleared = true
      },
    },
  }
}
