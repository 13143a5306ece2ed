/** What is left of a command once what only prepares its run is taken off. */
export interface Unwrapped {
  readonly argv: readonly string[]
  readonly environment: readonly (readonly [name: string, value: string])[]
  /** A shell text instead of a command: `sh -c TEXT`. */
  readonly shell?: string
}

/** How a wrapper is written: options that take a value, words of its own before the command, a word that must follow. */
interface Wrapper {
  readonly valued?: readonly string[]
  readonly words?: number
  readonly after?: readonly string[]
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  exec: { valued: ['-a'] },
  command: {},
  builtin: {},
  nohup: {},
  setsid: {},
  catchsegv: {},
  unbuffer: {},
  time: {},
  eatmydata: {},
  'with-contenv': {},
  nice: { valued: ['-n', '--adjustment'] },
  ionice: { valued: ['-c', '-n', '-p'] },
  chrt: { words: 1 },
  taskset: { words: 1 },
  stdbuf: { valued: ['-i', '-o', '-e'] },
  timeout: { valued: ['-k', '-s'], words: 1 },
  'dumb-init': { valued: ['-r', '--rewrite'] },
  tini: { valued: ['-p', '-e'] },
  'tini-static': { valued: ['-p', '-e'] },
  'docker-init': {},
  catatonit: {},
  gosu: { words: 1 },
  'su-exec': { words: 1 },
  setuidgid: { words: 1 },
  's6-setuidgid': { words: 1 },
  chpst: { valued: ['-u', '-U', '-e', '-b', '-/', '-n', '-l', '-L', '-m', '-d', '-o', '-p', '-f', '-c', '-t', '-r'] },
  sudo: { valued: ['-u', '-g', '-C', '-h', '-p', '-r', '-t', '-U', '--user', '--group'] },
  doas: { valued: ['-u', '-C'] },
  runuser: { valued: ['-u', '-g', '-G', '-s', '--user'] },
  setpriv: {
    valued: ['--reuid', '--regid', '--groups', '--pdeathsig', '--bounding-set', '--inh-caps', '--ambient-caps'],
  },
  'start-stop-daemon': {},
  bundle: { after: ['exec'] },
  bundler: { after: ['exec'] },
  rbenv: { after: ['exec'] },
  asdf: { after: ['exec'] },
  mise: { after: ['exec', 'x'] },
  chruby: { words: 1 },
  'chruby-exec': { words: 1 },
  dotenv: { valued: ['-f', '-i', '-t'] },
  foreman: { after: ['run'], valued: ['-e', '--env', '-f', '--procfile'] },
  doppler: { after: ['run'], valued: ['-p', '-c', '--project', '--config'] },
  op: { after: ['run'], valued: ['--env-file', '--account'] },
  chamber: { after: ['exec'], words: 1 },
  'aws-vault': { after: ['exec'], words: 1 },
  'wait-for-it': { words: 1, valued: ['-t', '-h', '-p'] },
  'wait-for-it.sh': { words: 1, valued: ['-t', '-h', '-p'] },
  'wait-for': { words: 1, valued: ['-t'] },
  rerun: { valued: ['-d', '--dir', '-p', '--pattern', '-s', '--signal', '-n', '--name', '-i', '--ignore'] },
  watchexec: { valued: ['-e', '-w', '-i', '--exts', '--watch', '--ignore', '-s', '--signal'] },
  sallyport: { after: ['run'], valued: ['--config', '-c'] },
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh'])
const layersMax = 20

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Takes off `exec`, `env X=Y`, `sudo -u`, `bundle exec`, `tini --`, `sh -c` and the like. */
export function unwrapCommand(words: readonly string[]): Unwrapped {
  const environment: (readonly [string, string])[] = []
  let argv = words
  for (let layer = 0; layer < layersMax; layer++) {
    const name = baseName(argv[0] ?? '')
    if (name === 'env') argv = withoutEnv(argv, environment)
    else if (shells.has(name)) {
      const shell = shellText(argv)
      if (shell !== undefined) return { argv: [], environment, shell }
      const script = argv.findIndex((word, index) => index > 0 && !/^[-+]/.test(word))
      return { argv: script === -1 ? [] : argv.slice(script), environment }
    } else {
      const rest = withoutWrapper(argv, name, environment)
      if (!rest) break
      argv = rest
    }
  }
  return { argv, environment }
}

/** The text of `sh -c TEXT`, `bash -lc TEXT`. */
function shellText(argv: readonly string[]): string | undefined {
  const option = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word))
  const isFirst = option > 0 && argv.slice(1, option).every((word) => word.startsWith('-'))
  return isFirst ? argv[option + 1] : undefined
}

function withoutEnv(argv: readonly string[], environment: (readonly [string, string])[]): readonly string[] {
  let at = 1
  while (at < argv.length) {
    const word = argv[at] ?? ''
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (name !== undefined) environment.push([name, value ?? ''])
    else if (word === '-u' || word === '-C') at++
    else if (!word.startsWith('-')) break
    at++
  }
  return argv.slice(at)
}

function withoutWrapper(
  argv: readonly string[],
  name: string,
  environment: (readonly [string, string])[],
): readonly string[] | undefined {
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined
  if (!wrapper) return undefined
  let at = 1
  if (wrapper.after) {
    if (!wrapper.after.includes(argv[1] ?? '')) return undefined
    at = 2
  }
  let words = wrapper.words ?? 0
  while (at < argv.length) {
    const word = argv[at] ?? ''
    const [, variable, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (word === '--') {
      at++
      break
    }
    if (word.startsWith('-') && word.length > 1) at += wrapper.valued?.includes(word) ? 2 : 1
    else if (variable !== undefined && name === 'sudo') {
      environment.push([variable, value ?? ''])
      at++
    } else if (words > 0) {
      words--
      at++
    } else break
  }
  return at < argv.length ? argv.slice(at) : undefined
}
