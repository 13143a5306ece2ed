// biome-ignore lint/style/noRestrictedImports: the type alone; nothing of zod is loaded
import type { ZodObject, z } from 'zod'

/** Where keys are kept, opened. */
export interface Store {
  /**
   * Resolves to the key's bytes in an allocation of their own, which the caller wipes. Rejects with STORE_KEY_MISSING,
   * STORE_KEY_INVALID, STORE_UNREACHABLE, STORE_REFUSED or STORE_DAMAGED and nothing else; with `signal`'s reason when
   * that is aborted. Never returns an empty key.
   */
  read(reference: string, signal: AbortSignal): Promise<Uint8Array>
  close?(): Promise<void>
}

/**
 * One kind of store. `config` takes zod as an argument, so that the gateway, which opens stores, never loads it.
 */
export interface StoreKind<Config = unknown> {
  readonly id: string
  readonly title: string
  /** Markdown: when to use it, what it protects against and what not. */
  readonly explanation: string
  /** What a user writes under `stores.NAME` besides `kind`; strict; paths in it are made absolute by the caller. */
  config(zod: typeof z): ZodObject
  /** Names of the properties of `Config` that are paths. */
  readonly paths: readonly string[]
  /** Whether a store of this kind, named as the kind, is there without being declared. */
  readonly isBuiltIn: boolean
  /** What stands for properties that are left out. */
  defaults(folders: StoreFolders): Partial<Config>
  /** What may stand behind the colon of `from: store:reference`. */
  readonly reference: { readonly pattern: RegExp; readonly says: string; readonly example: string }
  open(config: Config, world: StoreWorld): Store
}

/** Absolute paths of this user's folders for Sallyport: what is set up, and what is kept (XDG Base Directory). */
export interface StoreFolders {
  readonly config: string
  readonly data: string
}

/** All that a store may touch. */
export interface StoreWorld {
  /** The bytes of a variable that the launcher took out of the environment, in an allocation that the caller wipes. */
  variable(name: string): Uint8Array | undefined
  /**
   * Runs a short-lived child of ours (`*.entry.ts`) with an empty environment, so that a library which holds secrets in
   * strings is gone with it. `request` is given as JSON on its standard input and holds no secret; resolves to the bytes
   * that it wrote to standard output, at most `bytesMax`. A child that exits otherwise than 0 rejects with a
   * SallyportError whose code and message it wrote as JSON on standard error.
   */
  child(entry: URL, request: unknown, bytesMax: number, signal: AbortSignal): Promise<Uint8Array>
}
