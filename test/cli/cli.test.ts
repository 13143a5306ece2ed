/**
 * Runs the scripts of this folder, each in an empty folder of its own with the real command line as a subprocess. A
 * script is a text of steps, which a reader can do by hand:
 *
 *     # a comment
 *     file tls/ca.pem 0644          writes what stands below, up to a line `end`; the mode may be left out
 *     …
 *     end
 *     env NAME=value                for all commands after it; `env NAME` takes it away
 *     stdin                         given to the next command; likewise up to `end`
 *     …
 *     end
 *     $ sallyport check             runs a command, without a shell; quotes ('…' or "…") keep words together
 *     exit 2                        its exit code; 0 unless said
 *     stdout                        what it must have written, whole; likewise up to `end`. Not said: nothing
 *     …
 *     end
 *     stderr                        likewise; `stderr contains TEXT`, `stdout lacks TEXT` ask for a part
 *     mode 600 PATH                 the file has this mode
 *     missing PATH                  there is no such file
 *
 * In texts and commands `{folder}` stands for the folder, `{example KIND}` for a made-up key of a kind, the same all
 * through the script, `{long}` for 300 kilobytes of harmless lines, and in expected texts `{*}` for anything within a line. `authority NAME`, `certificate NAME by
 * AUTHORITY` write NAME.pem and NAME.key.
 */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { randomText } from '../../src/keys/random.ts'

const program = join(import.meta.dirname, '../../sallyport')
const timeoutMs = 20_000
const longText = 'a line that says nothing of interest\n'.repeat(8_500)
const kinds = await loadKinds()
const scripts = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'))

it.each(scripts)('%s', async (name) => runScript(name, readFileSync(join(import.meta.dirname, name), 'utf8')), 120_000)

interface Step {
  readonly line: number
  readonly text: string
  /** What stands between the step and its `end`. */
  readonly body: string
}

interface Result {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number | string
}

type Stream = 'stdout' | 'stderr'

async function runScript(name: string, text: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'))
  const environment: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: join(folder, 'home') }
  const examples = new Map<string, string>()
  const authorities = new Map<string, Minted>()
  const fill = (raw: string) =>
    raw
      .replaceAll('{folder}', folder)
      .replaceAll('{long}', longText)
      .replace(/\{example ([a-z-]+)\}/g, (_all, id: string) => exampleOf(id, examples))
  let stdin = ''
  /** Of the last command; `unsaid` are the parts that no step has asked for yet. */
  let last: (Result & { readonly step: Step; readonly unsaid: Set<Stream | 'exit'> }) | undefined
  const settle = () => {
    if (!last) return
    const { step, unsaid, exit } = last
    if (unsaid.has('exit')) expect(exit, `${name}:${step.line}: exit code\n${last.stderr}`).toBe(0)
    for (const stream of ['stdout', 'stderr'] as const) {
      if (unsaid.has(stream)) expect(last[stream], `${name}:${step.line}: ${stream} was not to be written`).toBe('')
    }
    last = undefined
  }
  try {
    for (const step of readSteps(name, text)) {
      const where = `${name}:${step.line}`
      const [verb = '', ...words] = splitWords(fill(step.text))
      const [first = '', second] = words
      const path = join(folder, first)
      if (['$', 'file', 'env', 'stdin', 'authority', 'certificate'].includes(verb)) settle()
      if (verb === 'file') {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, fill(step.body))
        if (second) chmodSync(path, Number.parseInt(second, 8))
      } else if (verb === 'env') {
        const [variable = '', ...value] = first.split('=')
        if (value.length === 0) delete environment[variable]
        else environment[variable] = value.join('=')
      } else if (verb === 'stdin') stdin = fill(step.body)
      else if (verb === 'authority') {
        const minted = await createAuthority({ name: first })
        authorities.set(first, minted)
        writePair(path, minted)
      } else if (verb === 'certificate') {
        const authority = authorities.get(words[2] ?? '')
        if (!authority) throw new Error(`${where}: no such authority`)
        writePair(path, await issueCertificate(authority, { subject: first, dns: [`${first}.test`], usages: 'both' }))
      } else if (verb === '$') {
        const result = await run(words, folder, environment, stdin)
        stdin = ''
        last = { ...result, step, unsaid: new Set(['stdout', 'stderr', 'exit'] as const) }
      } else if (verb === 'exit') {
        last?.unsaid.delete('exit')
        expect(String(last?.exit), `${where}\n${last?.stderr}`).toBe(first)
      } else if (verb === 'stdout' || verb === 'stderr') {
        last?.unsaid.delete(verb)
        compare(last?.[verb] ?? '', step, fill, where)
      } else if (verb === 'mode') {
        expect((statSync(join(folder, second ?? '')).mode & 0o777).toString(8), where).toBe(first)
      } else if (verb === 'missing') {
        expect(existsSync(path), where).toBe(false)
      } else throw new Error(`${where}: no such step as ${verb}`)
    }
    settle()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readSteps(name: string, text: string): Step[] {
  const steps: Step[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1
    const row = lines[i] ?? ''
    if (row.trim() === '' || row.startsWith('#')) continue
    const hasBody = /^file |^(?:stdin|stdout|stderr)$/.test(row)
    let body = ''
    if (hasBody) {
      while (lines[++i] !== 'end') {
        if (i >= lines.length) throw new Error(`${name}:${line}: has no end`)
        body += `${lines[i]}\n`
      }
    }
    steps.push({ line, text: row, body })
  }
  return steps
}

function compare(actual: string, { text, body }: Step, fill: (raw: string) => string, where: string): void {
  const [, asked, part = ''] = /^\w+ (contains|lacks) (.*)$/.exec(text) ?? []
  if (asked === 'contains') expect(actual, where).toContain(fill(part))
  if (asked === 'lacks') expect(actual, where).not.toContain(fill(part))
  if (asked) return
  const pattern = fill(body)
    .split('{*}')
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^\\n]*')
  // A plain comparison shows the difference; the pattern decides.
  if (!new RegExp(`^${pattern}$`).test(actual)) expect(actual, where).toBe(fill(body))
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}

function exampleOf(id: string, examples: Map<string, string>): string {
  const known = examples.get(id)
  if (known !== undefined) return known
  const kind = kinds.find((one) => one.id === id)
  if (!kind) throw new Error(`there is no key kind ${id}`)
  const example = kind.example(randomText())
  examples.set(id, example)
  return example
}

function writePair(path: string, { chainPem, certificatePem, privateKeyPem }: Minted): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.pem`, chainPem || certificatePem)
  writeFileSync(`${path}.key`, privateKeyPem, { mode: 0o600 })
}

async function run(
  words: readonly string[],
  folder: string,
  environment: Record<string, string>,
  stdin: string,
): Promise<Result> {
  const [command = '', ...args] = words
  const child = spawn(command === 'sallyport' ? program : command, args, {
    cwd: folder,
    env: environment,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk
    })
  }
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  const exit = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  return { ...output, exit }
}
