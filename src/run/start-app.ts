import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { isatty } from 'node:tty'
import type { AppPlan } from '../config/plan.ts'
import { SallyportError, systemCode } from '../errors.ts'
import type { AppOutput } from './app-output.ts'

/** A running app. */
export interface App {
  readonly process: ChildProcess
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

export interface AppUser {
  readonly uid: number
  readonly gid: number
  readonly name: string
  readonly home: string
}

/** What a wrapper adds to the app, and what cannot be added. */
export interface AppProtection {
  readonly wrapper: readonly string[]
  readonly missing: readonly string[]
}

/**
 * `setpriv` (util-linux) in front of the app: it dies with the gateway, runs as another user where one is named, and as
 * root loses the capabilities with which root reads other processes. Node can ask for none of these itself.
 */
export function protectApp(user: AppUser | undefined, isRoot: boolean): AppProtection {
  const missing: string[] = []
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(isExecutable)
  if (!setpriv) {
    if (user)
      throw new SallyportError('PROTECTION_MISSING', `app.user needs setpriv (util-linux), which is not installed`)
    return {
      wrapper: [],
      missing: [
        'the app does not die with the gateway, and as root keeps every capability: setpriv (util-linux) is not installed',
      ],
    }
  }
  const wrapper = [setpriv, '--pdeathsig', 'TERM']
  if (user) wrapper.push('--reuid', String(user.uid), '--regid', String(user.gid), '--init-groups')
  else if (isRoot) {
    const taken = '-sys_ptrace,-sys_admin,-sys_module,-sys_rawio,-bpf,-perfmon,-dac_read_search'
    wrapper.push('--bounding-set', taken, '--inh-caps', taken)
    missing.push(
      'the app runs as root: it cannot read the gateway’s memory, but every file of root’s; name another user with app.user',
    )
  }
  return { wrapper: [...wrapper, '--'], missing }
}

/** A user by name or number, from /etc/passwd. Throws CONFIG_INVALID. */
export function findUser(name: string, passwd = readFileSync('/etc/passwd', 'utf8')): AppUser {
  for (const line of passwd.split('\n')) {
    const [user = '', , uid, gid, , home = '/'] = line.split(':')
    if (user !== '' && (user === name || uid === name)) return { name: user, uid: Number(uid), gid: Number(gid), home }
  }
  throw new SallyportError('CONFIG_INVALID', `app.user: there is no user ${name} in /etc/passwd`)
}

/**
 * Starts the app with our descriptors 0 to 2, or those of `output`, and nothing else of ours. Rejects with
 * APP_NOT_STARTED.
 */
export async function startApp(
  plan: AppPlan,
  environment: Readonly<Record<string, string>>,
  protection: AppProtection,
  output?: AppOutput,
): Promise<App> {
  const command = plan.command[0] ?? ''
  // Asked here, because behind the wrapper a missing program is only its exit code.
  if (!isFound(command, plan.directory, environment.PATH ?? '')) {
    throw new SallyportError(
      'APP_NOT_STARTED',
      `${command}: not found or not executable; is it installed, and on the PATH?`,
    )
  }
  const [program = '', ...args] = [...protection.wrapper, ...plan.command]
  const child = spawn(program, args, {
    cwd: plan.directory,
    env: { ...environment },
    stdio: output?.stdio ?? 'inherit',
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((settle) =>
    child.once('exit', (code, signal) => settle({ code, signal })),
  )
  await new Promise<void>((settle, reject) => {
    child.once('spawn', settle)
    child.once('error', (error) =>
      reject(
        new SallyportError(
          'APP_NOT_STARTED',
          `${plan.command[0]}: ${systemCode(error)}; is it installed and executable?`,
          { cause: error },
        ),
      ),
    )
  })
  output?.started()
  return { process: child, ended }
}

/**
 * Passes signals on. An interrupt from the terminal reaches the app by itself, as one of the foreground group: sending it
 * again would count twice.
 */
export function forwardSignals(app: App, output?: AppOutput): void {
  const ownTerminal = isatty(0)
  for (const signal of [
    'SIGINT',
    'SIGQUIT',
    'SIGTERM',
    'SIGHUP',
    'SIGUSR1',
    'SIGUSR2',
    'SIGCONT',
    'SIGWINCH',
  ] as const) {
    const reachesByItself = ownTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT' || signal === 'SIGWINCH')
    process.on(signal, () => {
      if (signal === 'SIGWINCH' && passOnSize(output)) return
      if (!reachesByItself) app.process.kill(signal)
    })
  }
  // It may have changed since the app's terminal was made.
  passOnSize(output)
}

/** The app may have asked for the size before its terminal had it. Our group gets the signal, and we find nothing new then. */
function passOnSize(output: AppOutput | undefined): boolean {
  return output?.resize() === true && process.kill(0, 'SIGWINCH')
}

function isFound(command: string, directory: string, path: string): boolean {
  if (command.includes('/')) return isExecutable(resolve(directory, command))
  return path.split(delimiter).some((folder) => isExecutable(resolve(directory, folder, command)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
