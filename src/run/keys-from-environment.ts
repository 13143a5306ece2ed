import type { KeyPlan } from '../config/plan.ts'
import { isKey, isNamedKey, type KeyKind } from '../keys/kind.ts'

export interface EnvironmentKeys {
  readonly keys: readonly KeyPlan[]
  /** Variables that look like keys and were left alone, with the reason, for people. */
  readonly notices: readonly string[]
}

/**
 * The keys that stand in the environment and travel or sign: recognised by their shape, under any name; those that have
 * no shape by a name of their kind's and a value that fits it. A variable that only has a key's name keeps its value, and
 * is told of: it may be a placeholder, or something else. `taken` are variables that the configuration already speaks of.
 */
export function keysFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  kinds: readonly KeyKind[],
  taken: ReadonlySet<string>,
): EnvironmentKeys {
  const keys: KeyPlan[] = []
  const notices: string[] = []
  const byValue = new Map<string, { name: string; variables: string[] }>()
  const names = new Set<string>()
  const found = recognise(environment, kinds, taken)
  const reasonOf = reasonsToLeave(found, environment)
  for (const one of found) {
    const { variable, value, kind } = one
    const reason = reasonOf(one)
    const notice = kind ? reason && `${variable} holds a ${kind.title}, ${reason}` : noticeOfName(variable, kinds)
    if (notice) notices.push(notice)
    if (!kind || reason) continue
    const same = byValue.get(value)
    if (same) {
      same.variables.push(variable)
      continue
    }
    const name = freeName(variable, names)
    const variables = [variable]
    byValue.set(value, { name, variables })
    keys.push({
      name,
      kind: kind.id,
      hosts: kind.hosts.map(withPort),
      store: 'env',
      reference: variable,
      environment: variables,
      urls: [],
      at: `environment ${variable}`,
    })
  }
  return { keys, notices }
}

interface Found {
  readonly variable: string
  readonly value: string
  readonly kind: KeyKind | undefined
}

function recognise(
  environment: Readonly<Record<string, string | undefined>>,
  kinds: readonly KeyKind[],
  taken: ReadonlySet<string>,
): readonly Found[] {
  return Object.keys(environment)
    .sort()
    .flatMap((variable) => {
      const value = environment[variable]?.trim() ?? ''
      if (value === '' || taken.has(variable)) return []
      const kind =
        kinds.find((candidate) => isKey(candidate, value)) ??
        kinds.find((candidate) => isNamedKey(candidate, variable, environment))
      return [{ variable, value, kind }]
    })
}

const staying = "which the app itself works with: it stays in the app's environment"
const untilNamed = "it stays in the app's environment; name it under keys: in sallyport.yaml to take it out"

/** Why a key is left where it is, or undefined: an app must not break because it was started by us. */
function reasonsToLeave(
  found: readonly Found[],
  environment: Readonly<Record<string, string | undefined>>,
): (one: Found) => string | undefined {
  const ownReason = ({ variable: name, kind }: Found): string | undefined => {
    if (!kind) return undefined
    if (kind.use === 'stays') return staying
    if (kind.leftUnasked !== undefined) return `${kind.leftUnasked}: ${untilNamed}`
    if (isPublished(name)) return `under a name whose value is built into what browsers load: ${untilNamed}`
    if (isForMail(name)) return `under a name from which mail is sent, and no door speaks SMTP: ${untilNamed}`
    const away = kind.baseUrls?.find(({ variable }) => leadsAway(environment[variable], kind.hosts))
    return away && `which ${away.variable} sends to a host that is not its issuer's: ${untilNamed}`
  }
  // A door that holds a key for a host refuses every other credential there.
  const left = found.filter((one) => one.kind?.use !== 'stays' && ownReason(one))
  return (one) => {
    const own = ownReason(one)
    if (own) return own
    const other = left.find(({ kind }) => kind?.hosts.some((host) => one.kind?.hosts.includes(host)))
    return other && `for a host that ${other.variable} is for as well, which stays: ${untilNamed}`
  }
}

/** Front-end builds put the values of such variables into the page, where nothing replaces a phantom. */
function isPublished(variable: string): boolean {
  return /^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|GATSBY|EXPO_PUBLIC|VUE_APP|STORYBOOK)_/.test(variable)
}

/** A mail service's key is its SMTP password too. */
function isForMail(variable: string): boolean {
  return /SMTP/i.test(variable) || /(?:MAIL|SENDGRID)\w*PASS(?:WORD|WD)?$/i.test(variable)
}

/** Whether a base URL that the user has set names another host than the issuer's. */
function leadsAway(base: string | undefined, hosts: readonly string[]): boolean {
  const written = base?.trim() ?? ''
  if (written === '') return false
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`)
  return (
    !url || !hosts.some((host) => (host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.host === host))
  )
}

/** What is said of a variable that has a key's name and whose value was not recognised. Never names the value. */
function noticeOfName(variable: string, kinds: readonly KeyKind[]): string | undefined {
  // Several kinds may have it: the one that names it first among its own is meant.
  const named = kinds
    .filter((kind) => kind.environment.includes(variable))
    .sort((one, other) => one.environment.indexOf(variable) - other.environment.indexOf(variable))
  const sent = named.find(({ use }) => use !== 'stays')
  if (!sent) {
    // With a shape that the value has not, it is no secret: a database's URL without a password.
    const kept = named.find(({ shape }) => !shape)
    return kept && `${variable} has the name of a ${kept.title}, ${staying}`
  }
  return `${variable} has the name of a ${sent.title} ${whyUnlike(sent)}: ${untilNamed}`
}

function whyUnlike({ shape, fits, beside }: KeyKind): string {
  if (shape) return 'and not its shape'
  if (!fits) return 'which a phantom could not replace in everything that apps do with it'
  return beside ? `and not its form, or stands without ${beside.variable}` : 'and not its form'
}

/** `STRIPE_API_KEY` → `stripe-api-key`, which is also its path in base URL mode. */
function freeName(variable: string, names: Set<string>): string {
  const wanted =
    variable
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'key'
  let name = wanted
  for (let count = 2; names.has(name); count++) name = `${wanted}-${count}`
  names.add(name)
  return name
}

function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:443`
}
