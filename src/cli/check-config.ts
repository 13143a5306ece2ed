import type { Plan, RoutePlan } from '../config/plan.ts'
import { type ConfigProblem, describeProblem } from '../config/problem.ts'
import { readPlan } from '../config/read-plan.ts'
import type { CarrierPlan } from '../keys/carrier.ts'
import { table as carriers } from '../keys/carriers/index.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import type { World } from './command.ts'

export interface CheckFlags {
  readonly config?: string
  readonly format: 'text' | 'json'
  readonly strict: boolean
}

export async function checkConfig(world: World, { config, format, strict }: CheckFlags): Promise<void> {
  const outcome = await readPlan({
    directory: world.directory,
    environment: world.environment,
    strict,
    ...(config === undefined ? {} : { file: config }),
  })
  const isValid = 'plan' in outcome
  const { stdout, stderr } = world.process
  if (!isValid) world.finish(2)
  if (format === 'json') {
    const found = isValid ? { problems: [], notices: outcome.notices } : { problems: outcome.problems, notices: [] }
    stdout.write(`${JSON.stringify({ valid: isValid, ...found }, null, 2)}\n`)
    return
  }
  if (!isValid) {
    stderr.write(`${lines(outcome.problems)}${count(outcome.problems.length, 'problem')}\n`)
    return
  }
  stdout.write(
    await describePlan(outcome.plan, outcome.source === undefined ? undefined : (config ?? 'sallyport.yaml')),
  )
  if (outcome.notices.length > 0) stderr.write(`${lines(outcome.notices)}${count(outcome.notices.length, 'notice')}\n`)
}

function lines(problems: readonly ConfigProblem[]): string {
  return problems.map((problem) => `${describeProblem(problem)}\n`).join('')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** What the doors will do, in the words of a reader who has not read the file. */
async function describePlan(plan: Plan, file: string | undefined): Promise<string> {
  const kinds = await loadKinds()
  const say: string[] = [file === undefined ? 'no sallyport.yaml here: the defaults stand' : `${file} is valid`, '']
  if (plan.keys.length === 0) say.push('keys: none named; `run` takes those that it recognises in the environment')
  for (const key of plan.keys) {
    const kind = kinds.find(({ id }) => id === key.kind)
    say.push(`key ${key.name}: ${kind?.title ?? 'of your own kind'}, from ${key.store}:${key.reference}`)
    if (key.environment.length > 0) say.push(`  the app finds a phantom in ${key.environment.join(', ')}`)
    if (key.urls.length > 0)
      say.push(`  the app finds its base URL in ${key.urls.map(({ variable }) => variable).join(', ')}`)
    say.push(
      `  carried as ${(kind?.carriers.map(({ says }) => says) ?? (await Promise.all((key.carriers ?? []).map(sayCarrier)))).join(' or ')}`,
    )
    say.push(`  to ${key.hosts.map(withoutDefaultPort).join(', ')}`)
    for (const route of key.routes ?? []) say.push(`  for ${describeRoute(route)}`)
    if (!key.routes) say.push('  for every request')
  }
  say.push(`other hosts: ${plan.egress.others === 'tunnel' ? 'tunnelled and reported' : 'refused'}`)
  if (plan.egress.direct.length > 0) say.push(`past the door: ${plan.egress.direct.join(', ')}`)
  for (const [host, { ca, certificate }] of Object.entries(plan.egress.hosts)) {
    const how = [ca && 'must be certified by a CA of your own', certificate && 'is shown our certificate'].filter(
      Boolean,
    )
    say.push(`host ${withoutDefaultPort(host)}: ${how.join(' and ')}`)
  }
  if (plan.ingress) {
    const app = plan.app?.listen
    say.push(`mutual TLS on ${address(plan.ingress.listen)}${app ? `, forwarded to ${address(app)}` : ''}`)
    say.push(`  revocation lists: ${plan.ingress.clients.crls.length || 'none'}`)
    for (const { allow, ...route } of plan.ingress.policy)
      say.push(`  ${allow.spiffe ?? allow.dns ?? allow.spki}: ${describeRoute(route)}`)
    say.push('  nobody else')
  } else say.push('mutual TLS in front of the app: none')
  say.push(`audit log: ${plan.audit.file}`)
  return `${say.join('\n')}\n`
}

async function sayCarrier({ form, parameters }: CarrierPlan): Promise<string> {
  const found = await carriers.find(({ id }) => id === form)?.load()
  return found?.open(parameters).says ?? form
}

function describeRoute({ hosts, methods, paths }: Omit<RoutePlan, 'at'>): string {
  const parts = [methods?.join(', ') ?? 'any method', paths?.join(', ') ?? 'any path']
  return hosts ? `${parts.join(' ')} on ${hosts.map(withoutDefaultPort).join(', ')}` : parts.join(' ')
}

function withoutDefaultPort(authority: string): string {
  return authority.replace(/:443$/, '')
}

function address({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
