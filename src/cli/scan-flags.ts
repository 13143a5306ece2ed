import { SallyportError } from '../errors.ts'
import { type Confidence, confidences } from '../finding/finding.ts'
import type { BaselineFlags } from './baseline-file.ts'

/** The flags of `scan` that say what is read, and how. */
export interface ScanFlags extends BaselineFlags {
  readonly config?: string
  readonly untrusted: boolean
  readonly exclude?: readonly string[]
  readonly minConfidence?: Confidence
  readonly ignore: boolean
  readonly jobs?: number
  readonly cache: boolean
  readonly cacheDir?: string
  readonly history: boolean
  readonly dangling: boolean
  readonly staged: boolean
  readonly since?: string
  readonly watch: boolean
}

const file = { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE' } as const

/** Their specification. */
export const scanFlags = {
  config: { ...file, brief: 'Configuration; sallyport.yaml in the current folder, if there is one, unless given' },
  untrusted: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief:
      'What is scanned is a stranger’s: its own sallyport.yaml, baseline, comments that allow and ignore files are not obeyed. For pull requests from forks',
  },
  exclude: {
    kind: 'parsed',
    parse: String,
    variadic: true,
    optional: true,
    placeholder: 'PATTERN',
    brief: 'Do not read these files or folders: a pattern as in .gitignore; several times for several',
  },
  minConfidence: {
    kind: 'enum',
    values: confidences,
    optional: true,
    brief: 'Leave out findings that are less sure than this',
  },
  baseline: {
    ...file,
    brief: 'Known findings, not counted; .sallyport-baseline.json in the current folder, if there is one, unless given',
  },
  writeBaseline: { ...file, brief: 'Write all that is found to this file, as known from now on' },
  updateBaseline: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Take out of the baseline what is no longer found',
  },
  ignore: {
    kind: 'boolean',
    default: true,
    withNegated: true,
    brief: 'Leave out what .gitignore and .git/info/exclude name (--no-ignore reads it too)',
  },
  jobs: {
    kind: 'parsed',
    parse: parseJobs,
    optional: true,
    placeholder: 'N',
    brief: 'Number of threads; as many as there are cores unless given. The result does not depend on it',
  },
  cache: {
    kind: 'boolean',
    default: true,
    withNegated: true,
    brief: 'Keep what was found of each file for the next scan (--no-cache reads and writes nothing of it)',
  },
  cacheDir: {
    kind: 'parsed',
    parse: String,
    optional: true,
    placeholder: 'FOLDER',
    brief: 'Where it is kept, never inside of what is scanned; ~/.cache/sallyport/scan unless given',
  },
  history: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Search the whole git history too: every version of every file, messages and names of files',
  },
  dangling: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'With --history: also what no branch, tag or reflog leads to any more',
  },
  staged: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Only secrets that are about to be committed: staged, and not in the version that HEAD has. For hooks',
  },
  watch: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief:
      'Scan again whenever a file, the configuration or the baseline changes, until Ctrl-C; exits as the last scan',
  },
  since: {
    kind: 'parsed',
    parse: String,
    optional: true,
    placeholder: 'REF',
    brief:
      'Only what changed since HEAD left REF (a branch, tag or commit): findings in changed files, and secrets that any commit since has added, even if a later one took them out. For pull requests',
  },
} as const

const jobsMax = 256

function parseJobs(text: string): number {
  const jobs = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (jobs < 1 || jobs > jobsMax) throw new SallyportError('CLI_USAGE', `--jobs: a number from 1 to ${jobsMax}`)
  return jobs
}
