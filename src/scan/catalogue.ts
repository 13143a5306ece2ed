import type { KeyKind } from '../keys/kind.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { literalName } from './flow/key-labels.ts'
import { openSecretFinder, type SecretFinder } from './literals/find-secrets.ts'
import { type Masker, sourceMasker } from './mask-source.ts'
import type { Model } from './model.ts'
import { table as modelTable } from './models/index.ts'
import type { ProgramEvidence, Rule } from './rule.ts'
import { table as ruleTable } from './rules/index.ts'
import { type SecretNames, secretNames } from './secret-name.ts'

/** Everything that the scanner knows before it has read a file: the same in every thread. */
export interface Catalogue {
  readonly kinds: readonly KeyKind[]
  readonly models: readonly Model[]
  readonly rules: readonly Rule[]
  readonly isSecretName: SecretNames
  readonly finder: SecretFinder
  readonly mask: Masker
  /** What rules about programs may ask for. */
  readonly answers: Omit<ProgramEvidence, 'program' | 'flows' | 'deployment' | 'leavesOut'>
}

let loaded: Promise<Catalogue> | undefined

export function loadCatalogue(): Promise<Catalogue> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Catalogue> {
  const [kinds, models, rules] = await Promise.all([loadKinds(), loadAll(modelTable), loadAll(ruleTable)])
  const isSecretName = secretNames(kinds)
  const finder = openSecretFinder(kinds, Date.now())
  return {
    kinds,
    models,
    rules,
    isSecretName,
    finder,
    mask: sourceMasker(kinds, isSecretName, finder),
    answers: answers(models, kinds),
  }
}

function answers(models: readonly Model[], kinds: readonly KeyKind[]): Catalogue['answers'] {
  const revealing = models.flatMap((model) => model.revealing ?? [])
  const byName = new Map(
    kinds.flatMap((kind) => [literalName(kind), ...kind.environment].map((name) => [name, kind] as const)),
  )
  return {
    kindOf: (name) => byName.get(name),
    isRevealing: (exception) => {
      // Caught without a name: whatever there is.
      if (exception === '') return true
      const bare = exception.replace(/^::/, '')
      return revealing.some((name) => (name.endsWith('::') ? bare.startsWith(name) : bare === name))
    },
    encrypting: models.flatMap((model) => model.encrypting ?? []),
    structuring: models.flatMap(({ structuring }) => structuring ?? []),
    verifying: models.flatMap(({ verifying }) => verifying ?? []),
    judging: models.flatMap(({ judging }) => judging ?? []),
    debugging: {
      middleware: models.flatMap(({ debugging }) => debugging?.middleware ?? []),
      settings: models.flatMap(({ debugging }) => debugging?.settings ?? []),
      assigned: models.flatMap(({ debugging }) => debugging?.assigned ?? []),
      calls: models.flatMap(({ debugging }) => debugging?.calls ?? []),
      options: models.flatMap(({ debugging }) => debugging?.options ?? []),
    },
  }
}

async function loadAll<T>(table: readonly { readonly load: () => Promise<T> }[]): Promise<readonly T[]> {
  return Promise.all(table.map(({ load }) => load()))
}
