/** How a client comes to the door. */
export type Means = 'as it is' | 'preload' | 'base URL' | 'not'

/** One client: a row of docs/reference/clients.md, and a test that fails where the row is not true. */
export interface Client {
  /** Unique within its ecosystem. */
  readonly id: string
  readonly title: string
  /** As its registry or distribution names it; absent where it comes with the language. */
  readonly package?: { readonly name: string; readonly version: string }
  readonly means: Means
  /** One sentence for the page: by which variable, patch or URL, or what keeps it from it. Markdown. */
  readonly why: string
}

/** The clients of one ecosystem, in the order of the page. */
export interface EcosystemClients<One extends Client = Client> {
  /** An id of `src/run/ecosystems/`. */
  readonly ecosystem: string
  /** As the page heads it, with the version that the rows were tested on: `Ruby 3.1`. */
  readonly title: string
  readonly clients: readonly One[]
}
