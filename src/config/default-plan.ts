import { join, resolve } from 'node:path'
import type { StoreFolders, StoreKind } from '../stores/store.ts'
import type { Plan, StorePlan } from './plan.ts'

/** What a plan is made for. */
export interface PlanOptions {
  /** Absolute path of the working directory. */
  readonly directory: string
  /** Read for HOME and XDG_*; of all others only whether they are set. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What to start instead of `app.command`, unless empty. */
  readonly command?: readonly string[]
  /** Where to write the opened addresses; relative to `directory`. */
  readonly ready?: string
  readonly strict: boolean
}

/** The plan without a file: no key yet, other hosts tunnelled, no door in front. */
export function defaultPlan(options: PlanOptions, storeKinds: readonly StoreKind[]): Plan {
  const { command, ready, directory, strict } = options
  return {
    version: 1,
    stores: builtInStores(options, storeKinds),
    keys: [],
    ...(command?.length ? { app: { command, directory } } : {}),
    egress: {
      listen: { host: '127.0.0.1', port: 0 },
      others: 'tunnel',
      direct: [],
      hosts: {},
      proxy: 'environment',
      unsafeResolve: {},
      unsafeAddresses: [],
    },
    audit: { file: join(userFolders(options).state, 'audit.jsonl') },
    ...(ready === undefined ? {} : { ready: resolve(directory, ready) }),
    strict,
  }
}

/** The stores that nobody has to declare, under their kinds' ids. */
export function builtInStores(options: PlanOptions, kinds: readonly StoreKind[]): Record<string, StorePlan> {
  const folders = userFolders(options)
  return Object.fromEntries(
    kinds
      .filter(({ isBuiltIn }) => isBuiltIn)
      .map((kind) => [kind.id, { kind: kind.id, config: kind.defaults(folders), at: 'built in' }]),
  )
}

/** XDG Base Directory Specification: values that are not absolute are ignored. */
function userFolders({ environment, directory }: Pick<PlanOptions, 'environment' | 'directory'>): StoreFolders & {
  readonly state: string
} {
  const home = absolute(environment.HOME) ?? directory
  const folder = (variable: string, fallback: string) =>
    join(absolute(environment[variable]) ?? join(home, fallback), 'sallyport')
  return {
    config: folder('XDG_CONFIG_HOME', '.config'),
    data: folder('XDG_DATA_HOME', '.local/share'),
    state: folder('XDG_STATE_HOME', '.local/state'),
  }
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined
}
