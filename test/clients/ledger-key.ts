import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import type { DoorKey } from './open-door.ts'

/** For a host that no name server knows: a client that went straight there would reach nobody. */
export const ledgerKey: DoorKey = {
  variable: 'LEDGER_KEY',
  host: 'ledger.test',
  yaml: 'kind: stripe-secret-key, hosts: [ledger.test], url_env: LEDGER_URL',
  example: stripeSecretKey.example,
}
