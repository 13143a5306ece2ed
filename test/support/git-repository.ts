import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A repository that real git keeps, in a folder of its own. */
export interface GitRepository {
  readonly folder: string
  /** Runs git there and gives what it wrote; its own clock: a minute later each time, in a zone east of UTC. */
  git(...args: string[]): Buffer
  /** The same with something on its standard input. */
  feed(input: string | Buffer, ...args: string[]): Buffer
  write(files: Readonly<Record<string, string | Buffer>>): void
  /** Writes files, or takes those away that are undefined, and commits all that is there; gives the commit's id. */
  commit(files: Readonly<Record<string, string | Buffer | undefined>>, message?: string): string
  remove(): void
}

/** No settings of the machine or its user count. */
const environment = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.test',
  GIT_COMMITTER_NAME: 'C',
  GIT_COMMITTER_EMAIL: 'c@example.test',
}

export function gitRepository(...initArgs: string[]): GitRepository {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-git-'))
  let minute = 0
  const run = (args: readonly string[], input?: string | Buffer) => {
    const date = `${1_700_000_000 + 60 * minute++} +0130`
    return execFileSync('git', args, {
      cwd: folder,
      env: { ...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1_073_741_824,
      ...(input === undefined ? {} : { input }),
    })
  }
  const write = (files: Readonly<Record<string, string | Buffer | undefined>>) => {
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) rmSync(join(folder, path))
      else {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
    }
  }
  run(['init', '-q', '-b', 'main', ...initArgs])
  return {
    folder,
    git: (...args) => run(args),
    feed: (input, ...args) => run(args, input),
    write,
    commit(files, message = 'change') {
      write(files)
      run(['add', '-A'])
      run(['commit', '-q', '--allow-empty', '-m', message])
      return run(['rev-parse', 'HEAD']).toString().trim()
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
