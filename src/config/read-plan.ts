import { dirname, resolve } from 'node:path'
import { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { table as storeTable } from '../stores/kinds/index.ts'
import type { StoreKind } from '../stores/store.ts'
import { builtInStores, defaultPlan, type PlanOptions } from './default-plan.ts'
import { type ConfigFiles, realFiles } from './files.ts'
import type { Plan } from './plan.ts'
import { type ConfigProblem, describeProblem } from './problem.ts'

export interface ReadPlanOptions extends PlanOptions {
  /** `--config`: must exist. Absent: `sallyport.yaml` in the directory if there is one, else the default plan. */
  readonly file?: string
  readonly files?: ConfigFiles
  readonly now?: Date
}

export type PlanOutcome =
  /** `notices`: what is doubtful but works. `source`: absolute path of the file, absent for the default plan. */
  | { readonly plan: Plan; readonly notices: readonly ConfigProblem[]; readonly source?: string }
  /** At least one, sorted by place. */
  | { readonly problems: readonly ConfigProblem[] }

const configFileName = 'sallyport.yaml'

/** From the file, or without one, to a plan, or to everything that is wrong with it. Does not throw. */
export async function readPlan(options: ReadPlanOptions): Promise<PlanOutcome> {
  const read = readConfig(options)
  if ('problems' in read) return read
  if (read.text === undefined) return { plan: defaultPlan(options, await loadStores()), notices: [] }
  // Not a static import: without a file neither zod nor yaml is loaded.
  const { makePlan } = await import('./make-plan.ts')
  const made = await makePlan(read.text, { ...options, ...read })
  const notices = read.isOpen
    ? [wholeFile(read.file, 'may be written by every user, who could send the keys elsewhere; chmod o-w it')]
    : []
  if (options.strict && notices.length > 0)
    return { problems: [...notices, ...('problems' in made ? made.problems : [])] }
  return 'plan' in made ? { ...made, notices: [...notices, ...made.notices], source: read.path } : made
}

/** The stores alone, whatever is wrong with the rest of the configuration. Does not throw. */
export async function readStores(
  options: ReadPlanOptions,
): Promise<Pick<Plan, 'stores'> | { readonly problems: readonly ConfigProblem[] }> {
  const read = readConfig(options)
  if ('problems' in read) return read
  if (read.text === undefined) return { stores: builtInStores(options, await loadStores()) }
  const { makeStores } = await import('./make-plan.ts')
  return makeStores(read.text, { ...options, ...read })
}

/** Without `text` when there is no file and none was asked for. */
function readConfig(
  options: ReadPlanOptions,
):
  | { text?: string; isOpen: boolean; path: string; file: string; folder: string; files: ConfigFiles }
  | { problems: ConfigProblem[] } {
  const files = options.files ?? realFiles
  const file = options.file ?? configFileName
  const path = resolve(options.directory, file)
  const found = { isOpen: false, path, file, folder: dirname(path), files }
  const read = files.read(path, limits.configBytesMax)
  if ('problem' in read) {
    return options.file === undefined && read.isMissing ? found : { problems: [wholeFile(file, read.problem)] }
  }
  const text = decode(read.bytes)
  return 'problem' in text
    ? { problems: [wholeFile(file, text.problem)] }
    : { ...found, text: text.text, isOpen: (read.mode & 0o002) !== 0 }
}

async function loadStores(): Promise<StoreKind[]> {
  return Promise.all(storeTable.map(({ load }) => load()))
}

/** As `readPlan`, for callers that cannot go on: throws CONFIG_INVALID with every problem on a line of its own. */
export async function readPlanOrThrow(
  options: ReadPlanOptions,
): Promise<Extract<PlanOutcome, { readonly plan: Plan }>> {
  const outcome = await readPlan(options)
  if ('plan' in outcome) return outcome
  throw new SallyportError('CONFIG_INVALID', outcome.problems.map(describeProblem).join('\n'))
}

function decode(bytes: Uint8Array): { text: string } | { problem: string } {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { problem: 'is in UTF-16; save it in UTF-8' }
  try {
    // A byte order mark is legal in YAML and left out here, so that it moves no column.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? { problem: 'holds a NUL, so it is not text; save it as YAML in UTF-8' } : { text }
  } catch {
    return { problem: 'is not in UTF-8; save it in UTF-8' }
  }
}

function wholeFile(file: string, message: string): ConfigProblem {
  return { file, line: 0, column: 0, path: '', message }
}
