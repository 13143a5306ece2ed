import { SallyportError } from '../../errors.ts'
import { acceptKey } from '../accept-key.ts'
import type { StoreKind } from '../store.ts'

export const env: StoreKind<Record<never, never>> = {
  id: 'env',
  title: 'The environment that Sallyport was started with',
  explanation: `Needs no set-up: \`run\` takes the variable out of the app's environment and keeps its value. The shell, the
service manager and the container that started Sallyport still hold the key in their own memory and configuration, so
this is where to begin and not where to end: prefer a store that hands the key over only when it is asked.`,
  config: (zod) => zod.strictObject({}),
  paths: [],
  isBuiltIn: true,
  defaults: () => ({}),
  reference: {
    pattern: /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
    says: 'the name of an environment variable',
    example: 'STRIPE_API_KEY',
  },
  open: (_config, world) => ({
    async read(reference, signal) {
      signal.throwIfAborted()
      const bytes = world.variable(reference)
      if (!bytes)
        throw new SallyportError(
          'STORE_KEY_MISSING',
          `the environment variable ${reference} is not set; set it where Sallyport is started, or keep the key in a store`,
        )
      return acceptKey(bytes, `the environment variable ${reference}`)
    },
  }),
}
