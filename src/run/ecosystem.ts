/** What an ecosystem is told of the egress door, and where it may leave files for the app. */
export interface AppDoor {
  /** `http://127.0.0.1:PORT` */
  readonly forward: string
  /** Path of the bundle: the system's roots and ours. */
  readonly bundle: string
  /** The certificates in the bundle, as PEM. */
  readonly roots: string
  /** Our own root, as PEM. */
  readonly root: string
  /** Authorities that a key is for: port 443 unless named; `*.` at the front stands for one or more labels. */
  readonly hosts: readonly string[]
  /** Hosts that the app calls without the door: its user's own, this machine, the metadata address, `egress.direct`. */
  readonly direct: readonly string[]
  /**
   * What the app would get without this ecosystem. A variable that its user has set keeps what stands in it wherever
   * the variable can hold both.
   */
  readonly environment: Readonly<Record<string, string>>
  /** Writes a file into the run's folder, where the app can read it (`ruby/preload.rb`), and returns its path. */
  write(name: string, content: string | Uint8Array): string
}

/** How the clients of one language or tool find the door. */
export interface Ecosystem {
  readonly id: string
  readonly title: string
  /** Writes the files that its clients need and returns the variables that the app gets. Sets no other one's variable. */
  prepare(door: AppDoor): Readonly<Record<string, string>>
}
