import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gitlabAccessToken } from '../../src/keys/kinds/gitlab-access-token.ts'
import { temporaryFolder } from '../support/sallyport.ts'
import { ledgerKey } from './ledger-key.ts'
import { type ClientDoor, type DoorKey, githubToken, openDoor } from './open-door.ts'
import { proveClient } from './prove-client.ts'
import { rubyClients } from './ruby-clients.ts'

const gitlabToken: DoorKey = {
  variable: 'GITLAB_TOKEN',
  host: 'gitlab.test',
  yaml: 'kind: gitlab-access-token, hosts: [gitlab.test]',
  example: gitlabAccessToken.example,
}

const folder = temporaryFolder()
let door: ClientDoor
beforeAll(async () => {
  door = await openDoor([ledgerKey, gitlabToken, githubToken])
})
afterAll(() => door?.stop())

function program(name: string, source: string): string {
  const file = join(folder, name)
  writeFileSync(file, source)
  return file
}

describe('Ruby', () => {
  it.each(rubyClients.clients)('$title: $means', async ({ id, ...client }) => {
    const command = ['ruby', program(`${id}.rb`, client.source)]
    await proveClient(
      door,
      { id, ...client },
      { preload: ['RUBYOPT'], baseUrls: ['LEDGER_URL'], command, directory: folder },
    )
  })
})
