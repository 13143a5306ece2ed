import type { KeyPlan } from '../config/plan.ts'
import { isKey, type KeyKind } from '../keys/kind.ts'

export interface EnvironmentKeys {
  readonly keys: readonly KeyPlan[]
  /** Variables that look like keys and were left alone, with the reason, for people. */
  readonly notices: readonly string[]
}

/**
 * The keys that stand in the environment and travel: recognised by their shape, under any name. A variable that only has
 * a key's name keeps its value, and is told of: without the shape it may be a placeholder, or something else.
 * `taken` are variables that the configuration already speaks of.
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
  for (const variable of Object.keys(environment).sort()) {
    const value = environment[variable]?.trim() ?? ''
    if (value === '' || taken.has(variable)) continue
    const kind = kinds.find((candidate) => isKey(candidate, value))
    if (!kind) {
      const named = kinds.find((candidate) => candidate.environment.includes(variable))
      if (named)
        notices.push(
          `${variable} has the name of a ${named.title} and not its shape: it stays in the app's environment; name it under keys: in sallyport.yaml to take it out`,
        )
      continue
    }
    if (kind.use !== 'travels') {
      notices.push(
        `${variable} holds a ${kind.title}, which ${kind.use === 'stays' ? 'never leaves the app' : 'signs'}: it stays in the app's environment`,
      )
      continue
    }
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
