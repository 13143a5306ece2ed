import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slackBotToken } from '../../src/keys/kinds/slack-bot-token.ts'
import { temporaryFolder } from '../support/sallyport.ts'
import { installPythonPackages } from './install-python-packages.ts'
import { ledgerKey } from './ledger-key.ts'
import { type ClientDoor, type DoorKey, openaiKey, openDoor, stripeKey, twilioToken } from './open-door.ts'
import { proveClient } from './prove-client.ts'
import { pythonClients } from './python-clients.ts'

const slackToken: DoorKey = {
  variable: 'SLACK_BOT_TOKEN',
  host: 'slack.com',
  yaml: 'kind: slack-bot-token, hosts: [slack.com]',
  example: slackBotToken.example,
}

const folder = temporaryFolder()
let python: string
let door: ClientDoor
beforeAll(async () => {
  python = installPythonPackages()
  door = await openDoor([ledgerKey, stripeKey, openaiKey, twilioToken, slackToken])
}, 300_000)
afterAll(() => door?.stop())

describe('Python', () => {
  it.each(pythonClients.clients)('$title: $means', async (client) => {
    const file = join(folder, `${client.id}-client.py`)
    writeFileSync(file, client.source)
    await proveClient(door, client, {
      preload: ['PYTHONPATH'],
      baseUrls: ['LEDGER_URL', 'OPENAI_BASE_URL'],
      command: [python, file],
      directory: folder,
    })
  })
})
