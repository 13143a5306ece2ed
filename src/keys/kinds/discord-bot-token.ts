import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** The bot's number in base64: its first two digits make the first three characters. */
const prefixes = Array.from({ length: 90 }, (_, i) =>
  Buffer.from(`${i + 10}0`)
    .toString('base64')
    .slice(0, 3),
)

/** Digits that such a number has had, the usual first. */
const ids = [18, 19, 17]
const [tailMin, tailMax] = [27, 38]

export const discordBotToken: KeyKind = {
  id: 'discord-bot-token',
  title: 'Discord bot token',
  use: 'travels',
  shape: { prefixes, pattern: /[MNO][0-9A-Za-z]{22,25}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}/ },
  leftUnasked: 'which bots also send inside of a WebSocket message',
  hosts: ['discord.com', 'discordapp.com'],
  carriers: [headerCarrier('Authorization', 'Bot ')],
  environment: ['DISCORD_TOKEN', 'DISCORD_BOT_TOKEN', 'DISCORD_API_TOKEN'],
  example: (random) => `${encoded(`10${random.digits(17)}`)}.${random.base62(6)}.${random.base62(38)}`,
  phantom(random, like) {
    const first = Buffer.from(like.prefix, 'base64').toString('latin1')
    const id =
      ids.map((digits) => encoded(first.padEnd(digits, '0'))).find((text) => fits(like.length - text.length)) ?? ''
    return `${id}.${random.base62(6)}.${markedBase62(random, Math.max(like.length - id.length - 8, tailMin))}`
  },
  documentation: 'https://discord.com/developers/docs/reference#authentication',
}

/** SDKs read the bot's number from the first part, so a phantom has one: of the same first digits, and zeros. */
function encoded(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function fits(left: number): boolean {
  return left - 8 >= tailMin && left - 8 <= tailMax
}
