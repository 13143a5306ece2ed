import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'
import { urlCarrier } from '../url-carrier.ts'

/** Whoever knows the URL may post, and change or delete the webhook. */
export const discordWebhookUrl: KeyKind = {
  id: 'discord-webhook-url',
  title: 'Discord webhook URL',
  use: 'travels',
  shape: {
    prefixes: ['https://discord.com/api/webhooks/', 'https://discordapp.com/api/webhooks/'],
    pattern: /https:\/\/discord(?:app)?\.com\/api\/webhooks\/[0-9]{16,20}\/[0-9A-Za-z_-]{60,80}/,
  },
  hosts: ['discord.com', 'discordapp.com'],
  carriers: [urlCarrier],
  environment: ['DISCORD_WEBHOOK_URL', 'DISCORD_WEBHOOK'],
  example: (random) => `https://discord.com/api/webhooks/${random.digits(19)}/${random.base62(68)}`,
  phantom(random, { prefix, length }) {
    // Libraries take number and token from the URL by their usual lengths.
    const number = Math.min(20, Math.max(16, length - prefix.length - 69))
    return `${prefix}${'0'.repeat(number)}/${markedBase62(random, length - prefix.length - number - 1)}`
  },
  documentation: 'https://docs.discord.com/developers/resources/webhook',
}
