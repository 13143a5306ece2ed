import type { EcosystemClients } from './client.ts'
import { curlClients } from './curl-clients.ts'
import { gitClients } from './git-clients.ts'
import { goClients } from './go-clients.ts'
import { javaClients } from './java-clients.ts'
import { nodeClients } from './node-clients.ts'
import { phpClients } from './php-clients.ts'
import { pythonClients } from './python-clients.ts'
import { rubyClients } from './ruby-clients.ts'

/** Every client that the tests drive through the door, from which docs/reference/clients.md is written. */
export const table: readonly EcosystemClients[] = [
  rubyClients,
  pythonClients,
  nodeClients,
  javaClients,
  curlClients,
  gitClients,
  goClients,
  phpClients,
]
