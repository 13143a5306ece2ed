import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppDoor } from './ecosystem.ts'

/** The certificates in a PEM text, and nothing else: a user's file may hold a private key beside them. */
export function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END \1?CERTIFICATE-----/g) ?? []
}

/**
 * Path of the bundle that `variable` is to name: the door's, or a file of the ecosystem's own with the certificates that
 * the user's value of `variable` names and our root. The app goes on trusting whom it trusted, and nobody else.
 */
export function bundleFor(door: AppDoor, ecosystem: string, variable: string): string {
  const own = door.environment[variable]
  if (own === undefined || own === '') return door.bundle
  try {
    const certificates = certificatesIn(readFileSync(own, 'utf8'))
    return door.write(join(ecosystem, `${variable}.pem`), [...certificates, door.root].join('\n'))
  } catch {
    // A folder, or not there: its clients would have trusted nobody, or read another variable.
    return door.bundle
  }
}
