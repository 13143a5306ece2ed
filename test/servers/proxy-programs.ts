import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort, type Started, startProgram } from '../probe/start-program.ts'

/** One configuration of one server: its files; words in «» are filled in, the main file is the first. */
interface Configuration {
  readonly server: ProgramName
  readonly files: Readonly<Record<string, string>>
}

/** A row of the table. */
export interface Row extends Configuration {
  readonly name: string
  /** What is asked of the model and the server alike; where it is not X-SSL-Client-Verify. */
  readonly field?: string
}

type ProgramName = keyof typeof programs

interface Filled {
  readonly port: number
  readonly files: Readonly<Record<string, string>>
  /** `python` is that of the environment that Envoy is installed in: the system has no package of it. */
  start(python: string): Promise<Started>
}

/** How each server is started on its main file in a folder. */
const programs = {
  nginx: (folder: string, main: string) => ['nginx', '-p', folder, '-c', join(folder, main), '-e', 'stderr'],
  haproxy: (folder: string, main: string) => ['haproxy', '-db', '-f', join(folder, main)],
  apache: (folder: string, main: string) => ['apache2', '-d', folder, '-f', join(folder, main), '-D', 'FOREGROUND'],
  caddy: (folder: string, main: string) => ['caddy', 'run', '--config', join(folder, main)],
  envoy: (folder: string, main: string, python: string) => [
    python,
    join(dirname(python), 'envoy'),
    '-c',
    join(folder, main),
    '--concurrency',
    '1',
    '-l',
    'error',
    '--use-dynamic-base-id',
  ],
  stunnel: (folder: string, main: string) => ['stunnel', join(folder, main)],
}

/** Fills in a configuration in a folder of its own: `port` is a free one, `words` are for «word». */
export async function fill(
  { server, files }: Configuration,
  folder: string,
  words: Readonly<Record<string, string>>,
): Promise<Filled> {
  const port = await freePort()
  const all: Readonly<Record<string, string>> = { ...words, port: String(port), folder }
  const filled = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      text.replace(/«(\w+)»/g, (whole, word: string) => all[word] ?? whole),
    ]),
  )
  for (const [name, text] of Object.entries(filled)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const [main = ''] = Object.keys(files)
  return {
    port,
    files: filled,
    start(python) {
      const [command = '', ...args] = programs[server](folder, main, python)
      return startProgram(port, command, args, folder)
    },
  }
}
