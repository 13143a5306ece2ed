import { pathCarrier } from '../carriers/path.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** The bot's number stands before the colon. Libraries read it from there: they see a number that no bot has. */
export const telegramBotToken: KeyKind = {
  id: 'telegram-bot-token',
  title: 'Telegram bot token',
  use: 'travels',
  fits: /[0-9]{8,10}:[0-9A-Za-z_-]{35}/,
  hosts: ['api.telegram.org'],
  carriers: [pathCarrier('/bot'), pathCarrier('/file/bot')],
  environment: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_TOKEN', 'TELEGRAM_API_TOKEN', 'TG_BOT_TOKEN', 'BOT_TOKEN'],
  example: (random) => `7${random.digits(9)}:${random.base62(35)}`,
  phantom: (random, like) => `9${'0'.repeat(Math.max(like.length - 37, 7))}:${markedBase62(random, 35)}`,
  documentation: 'https://core.telegram.org/bots/api#authorizing-your-bot',
}
