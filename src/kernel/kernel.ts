import { closeSync, writeFileSync } from 'node:fs'
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
  /** A pipe, both ends close-on-exec. What Node makes for a child is a socket, which `/dev/stdout` cannot open. */
  createPipe(): { readonly from: number; readonly to: number } | undefined
  /** A pseudo-terminal, both sides close-on-exec: what is written to `to` is read from `from`. */
  createTerminal(): { readonly from: number; readonly to: number } | undefined
  /** The termios of a terminal, or of the one behind the `from` of a pseudo-terminal. */
  terminalSettings(descriptor: number): TerminalSettings | undefined
  setTerminalSettings(descriptor: number, settings: TerminalSettings): boolean
  /** Gives one terminal the rows and columns of another, and says whether it had others. */
  copyWindowSize(from: number, to: number): boolean
  /** Lets this process write to and set its terminal while another process group is in its foreground. */
  ignoreBackgroundOutput(): void
}

/** A struct termios; `translates` is OPOST: line ends become what the terminal wants. */
export interface TerminalSettings {
  readonly bytes: Buffer
  readonly translates: boolean
}

export function withTranslation({ bytes }: TerminalSettings, translates: boolean): TerminalSettings {
  const copy = Buffer.from(bytes)
  const flags = copy.readUInt32LE(outputFlagsAt)
  copy.writeUInt32LE(translates ? flags | OPOST : flags & ~OPOST, outputFlagsAt)
  return { bytes: copy, translates }
}

/** Undefined where the system is not Linux or the native module does not load: the reason is in the second part. */
export function openKernel(): { kernel: Kernel } | { missing: string } {
  if (process.platform !== 'linux') return { missing: `${process.platform} has no such calls that we know` }
  try {
    const library = koffi.load(null)
    const memfdCreate = library.func('int memfd_create(const char *name, unsigned int flags)')
    const prctl = library.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)')
    const setrlimit = library.func('int setrlimit(int resource, const uint64_t *limits)')
    const pipe2 = library.func('int pipe2(_Out_ int *ends, int flags)')
    const openTerminal = library.func('int posix_openpt(int flags)')
    const grantTerminal = library.func('int grantpt(int descriptor)')
    const unlockTerminal = library.func('int unlockpt(int descriptor)')
    const openPeer = library.func('int ioctl(int descriptor, ulong request, int flags)')
    const getWindowSize = library.func('int ioctl(int descriptor, ulong request, _Out_ uint8_t *size)')
    const setWindowSize = library.func('int ioctl(int descriptor, ulong request, const uint8_t *size)')
    const getSettings = library.func('int tcgetattr(int descriptor, _Out_ uint8_t *settings)')
    const setSettings = library.func('int tcsetattr(int descriptor, int when, const uint8_t *settings)')
    const signal = library.func('intptr_t signal(int number, intptr_t handler)')
    return {
      kernel: {
        createMemoryFile: () => memfdCreate('sallyport', 0),
        forbidDumps: () => prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) === 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) === 0,
        forbidCoreFiles: () => setrlimit(RLIMIT_CORE, new BigUint64Array([0n, 0n])) === 0,
        createPipe() {
          const [from = -1, to = -1] = filled(new Int32Array(2), (ends) => pipe2(ends, O_CLOEXEC)) ?? []
          return from < 0 ? undefined : { from, to }
        },
        createTerminal() {
          const flags = O_RDWR | O_NOCTTY | O_CLOEXEC
          const from: number = openTerminal(flags)
          if (from < 0) return undefined
          const to: number =
            grantTerminal(from) === 0 && unlockTerminal(from) === 0 ? openPeer(from, TIOCGPTPEER, flags) : -1
          if (to >= 0) return { from, to }
          closeSync(from)
          return undefined
        },
        terminalSettings(descriptor) {
          const bytes = filled(Buffer.alloc(settingsBytes), (settings) => getSettings(descriptor, settings))
          return bytes && { bytes, translates: (bytes.readUInt32LE(outputFlagsAt) & OPOST) !== 0 }
        },
        setTerminalSettings: (descriptor, { bytes }) => setSettings(descriptor, TCSANOW, bytes) === 0,
        copyWindowSize(from, to) {
          const size = filled(Buffer.alloc(windowBytes), (bytes) => getWindowSize(from, TIOCGWINSZ, bytes))
          const other = filled(Buffer.alloc(windowBytes), (bytes) => getWindowSize(to, TIOCGWINSZ, bytes))
          return size !== undefined && other?.equals(size) === false && setWindowSize(to, TIOCSWINSZ, size) === 0
        },
        ignoreBackgroundOutput: () => void signal(SIGTTOU, SIG_IGN),
      },
    }
  } catch (error) {
    return { missing: error instanceof Error ? error.message.slice(0, 200) : 'the native module did not load' }
  }
}

const PR_GET_DUMPABLE = 3
const PR_SET_DUMPABLE = 4
const RLIMIT_CORE = 4
const O_RDWR = 0o2
const O_NOCTTY = 0o400
const O_CLOEXEC = 0o2000000
const TIOCGPTPEER = 0x5441
const TIOCGWINSZ = 0x5413
const TIOCSWINSZ = 0x5414
const TCSANOW = 0
const SIGTTOU = 22
const SIG_IGN = 1
/** Of glibc's and musl's struct termios, with room. */
const settingsBytes = 64
/** Behind c_iflag. */
const outputFlagsAt = 4
const OPOST = 1
/** struct winsize */
const windowBytes = 8

/** `into` when `call` has filled it, which it says with 0. */
function filled<T>(into: T, call: (into: T) => number): T | undefined {
  return call(into) === 0 ? into : undefined
}

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
