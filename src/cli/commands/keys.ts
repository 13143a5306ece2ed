import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'
import type { ListFlags, StoreFlags } from '../keep-keys.ts'

const config = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Configuration file; sallyport.yaml beside you if there is one',
  placeholder: 'FILE',
} as const

const store = {
  kind: 'parsed',
  parse: String,
  default: 'file',
  brief: 'Name of the store',
  placeholder: 'NAME',
} as const

const set = buildCommand<StoreFlags, [name: string, ...more: string[]], World>({
  loader: async () => {
    const { setKey } = await import('../keep-keys.ts')
    return async function (this: World, flags: StoreFlags, name: string, ...more: string[]) {
      await setKey(this, flags, name, more)
    }
  },
  parameters: {
    flags: { config, store },
    positional: {
      kind: 'array',
      parameter: { brief: 'Name for the key', parse: String, placeholder: 'name' },
      minimum: 1,
    },
  },
  docs: {
    brief: 'Put a key into the store, from a hidden prompt or standard input',
    fullDescription:
      'Puts a key into the store. The key is asked for without being shown, or read from standard input; it never stands on the command line. The first key brings the identity that opens the store.',
    customUsage: ['stripe', 'stripe < key.txt'],
  },
})

const list = buildCommand<ListFlags, [], World>({
  loader: async () => {
    const { listKeys } = await import('../keep-keys.ts')
    return async function (this: World, flags: ListFlags) {
      await listKeys(this, flags)
    }
  },
  parameters: {
    flags: {
      config,
      store,
      format: { kind: 'enum', values: ['text', 'json'], default: 'text', brief: 'For people or for programs' },
    },
  },
  docs: { brief: 'Show the names of the keys in the store' },
})

const remove = buildCommand<StoreFlags, [name: string], World>({
  loader: async () => {
    const { removeKey } = await import('../keep-keys.ts')
    return async function (this: World, flags: StoreFlags, name: string) {
      await removeKey(this, flags, name)
    }
  },
  parameters: {
    flags: { config, store },
    positional: { kind: 'tuple', parameters: [{ brief: 'Name of the key', parse: String, placeholder: 'name' }] },
  },
  docs: { brief: 'Remove a key from the store, without asking' },
})

export const keys: CommandSpec = {
  id: 'keys',
  brief: 'Keep keys in the embedded store: set, list, remove',
  target: buildRouteMap({ routes: { set, list, remove }, docs: { brief: 'Keep keys in the embedded store' } }),
}
