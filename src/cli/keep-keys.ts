import { nearest } from '../config/nearest.ts'
import { describeProblem } from '../config/problem.ts'
import { readStores } from '../config/read-plan.ts'
import { SallyportError } from '../errors.ts'
import { wipe } from '../secret/masked.ts'
import { type FileKeys, fileKeys } from '../stores/file-keys.ts'
import { type FileStoreConfig, file } from '../stores/kinds/file.ts'
import { askHidden } from './ask-hidden.ts'
import type { World } from './command.ts'

export interface StoreFlags {
  readonly config?: string
  readonly store: string
}

export interface ListFlags extends StoreFlags {
  readonly format: 'text' | 'json'
}

/** `more` is what else stood on the command line, which must be nothing. */
export async function setKey(world: World, flags: StoreFlags, name: string, more: readonly string[]): Promise<void> {
  if (more.length > 0)
    throw new SallyportError(
      'CLI_USAGE',
      'a key may not stand on the command line: other users can read it there (ps), and the shell keeps it in its history; ' +
        'give it to the prompt or to standard input, and if it was a real one, remove it from the history',
    )
  checkName(name)
  const store = await openStore(world, flags)
  const bytes = await askHidden(world, `Key for ${name} (not shown): `)
  if (!bytes) {
    world.process.stderr.write('sallyport: cancelled; nothing was changed\n')
    return world.finish(130)
  }
  try {
    const { isNew, newIdentity } = await store.keys.set(name, bytes)
    if (newIdentity)
      world.process.stdout.write(
        `created the identity ${store.config.identity}; without it no key can be read: back it up\n`,
      )
    world.process.stdout.write(
      `${isNew ? 'set' : 'replaced'} ${name} in ${store.config.path}; refer to it as ${flags.store}:${name}\n`,
    )
  } finally {
    wipe(bytes)
  }
}

export async function listKeys(world: World, flags: ListFlags): Promise<void> {
  const store = await openStore(world, flags)
  const keys = await store.keys.list()
  if (flags.format === 'json') {
    const list = keys.map(({ name, changed }) => ({ name, changed: changed.toISOString() }))
    world.process.stdout.write(
      `${JSON.stringify({ store: flags.store, path: store.config.path, keys: list }, null, 2)}\n`,
    )
    return
  }
  if (keys.length === 0)
    world.process.stdout.write(`no keys in ${store.config.path}; set one with \`sallyport keys set NAME\`\n`)
  const width = Math.max(0, ...keys.map(({ name }) => name.length))
  for (const { name, changed } of keys)
    world.process.stdout.write(
      `${name.padEnd(width)}  changed ${changed.toISOString().slice(0, 16).replace('T', ' ')} UTC\n`,
    )
}

export async function removeKey(world: World, flags: StoreFlags, name: string): Promise<void> {
  checkName(name)
  const store = await openStore(world, flags)
  if (await store.keys.remove(name)) {
    world.process.stdout.write(
      `removed ${name} from ${store.config.path}; it is still valid where it was issued: revoke it there\n`,
    )
    return
  }
  const near = nearest(
    name,
    (await store.keys.list()).map((key) => key.name),
  )
  throw new SallyportError(
    'STORE_KEY_MISSING',
    `there is no key ${name} in ${store.config.path}; ${near ? `did you mean ${near}?` : '`sallyport keys list` shows what there is'}`,
  )
}

/** The name is not repeated: it may be a key that stands in the wrong place. */
function checkName(name: string): void {
  if (!file.reference.pattern.test(name))
    throw new SallyportError(
      'CLI_USAGE',
      `the name given is not usable: a key's name is ${file.reference.says}; it is not the key itself`,
    )
}

async function openStore(world: World, flags: StoreFlags): Promise<{ config: FileStoreConfig; keys: FileKeys }> {
  const read = await readStores({
    directory: world.directory,
    environment: world.environment,
    strict: false,
    ...(flags.config === undefined ? {} : { file: flags.config }),
  })
  if ('problems' in read) throw new SallyportError('CONFIG_INVALID', read.problems.map(describeProblem).join('\n'))
  const store = Object.hasOwn(read.stores, flags.store) ? read.stores[flags.store] : undefined
  if (!store) {
    const names = Object.keys(read.stores)
    const near = nearest(flags.store, names)
    throw new SallyportError(
      'CLI_USAGE',
      `there is no store of that name; ${near ? `did you mean ${near}?` : `there are ${names.join(', ')}`}`,
    )
  }
  if (store.kind !== file.id)
    throw new SallyportError(
      'CLI_USAGE',
      `the store ${flags.store} (kind ${store.kind}) is only read; set its keys where it is kept, or choose a store of kind ${file.id}`,
    )
  // Checked by the kind's own schema, or its defaults.
  const config = store.config as FileStoreConfig
  return { config, keys: fileKeys(config) }
}
