import { join } from 'node:path'
import { limits } from '../../limits.ts'
import { acceptKey } from '../accept-key.ts'
import type { StoreKind } from '../store.ts'

export interface FileStoreConfig {
  /** Absolute path of the folder that holds one age file a key. */
  readonly path: string
  /** Absolute path of the age identity that opens them. */
  readonly identity: string
}

/** What `file-reader.entry.ts` is asked. */
export interface FileReadRequest extends FileStoreConfig {
  readonly name: string
}

export const file: StoreKind<FileStoreConfig> = {
  id: 'file',
  title: 'Files encrypted with age',
  explanation: `The embedded store: one file a key, \`NAME.age\`, encrypted to an identity that only its owner can read
(mode 0600). \`sallyport keys set NAME\` writes to it. Whoever can read both the identity and the files has the keys, so
the app should run as another user (\`app.user\`); what it protects against on its own is a copy of the files: a backup, a
repository, a disk.`,
  config: (zod) =>
    zod.strictObject({
      path: zod
        .string()
        .min(1)
        .optional()
        .describe('Folder with one age file a key. Default: sallyport/keys in $XDG_DATA_HOME (~/.local/share).'),
      identity: zod
        .string()
        .min(1)
        .optional()
        .describe(
          'The age identity that opens them, mode 0600. Default: sallyport/identity.txt in $XDG_CONFIG_HOME (~/.config).',
        ),
    }),
  paths: ['path', 'identity'],
  isBuiltIn: true,
  defaults: (folders) => ({ path: join(folders.data, 'keys'), identity: join(folders.config, 'identity.txt') }),
  reference: {
    pattern: /^[a-z0-9][a-z0-9_-]{0,63}$/,
    says: 'a name of lower-case letters, digits, `-` and `_`, at most 64 of them',
    example: 'stripe',
  },
  open: ({ path, identity }, world) => ({
    async read(reference, signal) {
      signal.throwIfAborted()
      const request: FileReadRequest = { path, identity, name: reference }
      const entry = new URL('./file-reader.entry.ts', import.meta.url)
      const bytes = await world.child(entry, request, limits.keyBytesMax, signal)
      return acceptKey(bytes, `the key ${reference} in ${path}`)
    },
  }),
}
