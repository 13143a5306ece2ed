import { writeFileSync } from 'node:fs'
import koffi from 'koffi'

/** The few calls of the C library that Node lacks. */
export interface Kernel {
  /**
   * A file in memory that has no name and is inherited by the program that replaces this one: Node opens everything else
   * close-on-exec. Its pages are the system's again once it is closed.
   */
  createMemoryFile(): number
  /** prctl(PR_SET_DUMPABLE, 0): the same user can no longer read our memory, environment or descriptors in /proc. */
  forbidDumps(): boolean
  /** setrlimit(RLIMIT_CORE, 0), inherited by children. */
  forbidCoreFiles(): boolean
}

/** Undefined where the system is not Linux or the native module does not load: the reason is in the second part. */
export function openKernel(): { kernel: Kernel } | { missing: string } {
  if (process.platform !== 'linux') return { missing: `${process.platform} has no such calls that we know` }
  try {
    const library = koffi.load(null)
    const memfdCreate = library.func('int memfd_create(const char *name, unsigned int flags)')
    const prctl = library.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)')
    const setrlimit = library.func('int setrlimit(int resource, const uint64_t *limits)')
    return {
      kernel: {
        createMemoryFile: () => memfdCreate('sallyport', 0),
        forbidDumps: () => prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) === 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) === 0,
        forbidCoreFiles: () => setrlimit(RLIMIT_CORE, new BigUint64Array([0n, 0n])) === 0,
      },
    }
  } catch (error) {
    return { missing: error instanceof Error ? error.message.slice(0, 200) : 'the native module did not load' }
  }
}

const PR_GET_DUMPABLE = 3
const PR_SET_DUMPABLE = 4
const RLIMIT_CORE = 4

/** One thing that protects the gateway's memory, and whether it is in force. */
export interface Protection {
  readonly name: string
  readonly inForce: boolean
  /** What can happen while it is not. */
  readonly otherwise: string
}

/**
 * Protects this process: no core file, nothing in a piped core, not readable by its own user. To be called before any
 * key is read. Says of each measure whether it took hold; the caller decides whether to go on.
 */
export function protectMemory(opened: ReturnType<typeof openKernel>): readonly Protection[] {
  const kernel = 'kernel' in opened ? opened.kernel : undefined
  // A piped core_pattern ignores RLIMIT_CORE; the filter leaves it nothing to write. Inherited by the app, and only
  // writable before the process stops being dumpable.
  const filtered = attempt(() => writeFileSync('/proc/self/coredump_filter', '0'))
  return [
    { name: 'core dumps hold no memory', inForce: filtered, otherwise: 'a crash can write keys to a core dump' },
    {
      name: 'no core files',
      inForce: kernel?.forbidCoreFiles() ?? false,
      otherwise: 'a crash can write keys to a core file',
    },
    {
      name: 'memory unreadable to the same user',
      inForce: kernel?.forbidDumps() ?? false,
      otherwise: 'an app that runs as the same user can read keys from the gateway’s memory',
    },
  ]
}

function attempt(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
