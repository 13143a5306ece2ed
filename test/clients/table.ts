import type { EcosystemClients } from './client.ts'
import { javaClients } from './java-clients.ts'
import { nodeClients } from './node-clients.ts'
import { pythonClients } from './python-clients.ts'
import { rubyClients } from './ruby-clients.ts'

/** Every client that the tests drive through the door, from which docs/reference/clients.md is written. */
export const table: readonly EcosystemClients[] = [rubyClients, pythonClients, nodeClients, javaClients]
