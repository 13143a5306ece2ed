import { withNamesFor } from '../flow/without-labels.ts'
import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInMessage: Rule = {
  id: 'key-in-message',
  about: 'program',
  title: 'API key is sent in a mail or a chat message',
  severity: 'high',
  cwe: 201,
  explanation: `A key is part of a mail or of a message in a chat.

Mails and chats are kept by others for years, are searchable, are forwarded, and are read on every device of everyone who
was addressed.

**Fix.** Say that something happened and where to look. Who needs a key gets it from the store of secrets.`,
  examples: {
    bad: [
      "require 'mail'\nMail.deliver do\n  to 'operations@example.com'\n  subject 'deployed'\n  body \"deployed with #{ENV['DEPLOY_TOKEN']}\"\nend",
      "require 'pony'\ndef alert(error)\n  Pony.mail(to: 'operations@example.com', subject: 'failed', body: \"#{error}: key #{ENV['LEDGER_API_KEY']}\")\nend",
      "require 'slack-notifier'\nnotifier = Slack::Notifier.new('https://chat.example.com/hook')\nnotifier.ping(\"using #{ENV.fetch('SEARCH_API_KEY')}\")",
      "class KeyMailer < ApplicationMailer\n  def rotated\n    mail(to: 'operations@example.com', subject: 'new key', body: ENV.fetch('ROTATED_API_KEY'))\n  end\nend",
    ],
    good: [
      "require 'mail'\nMail.defaults { delivery_method :smtp, password: ENV['SMTP_PASSWORD'] }\nMail.deliver do\n  to 'operations@example.com'\n  body 'deployed'\nend",
      "require 'pony'\nPony.mail(to: 'operations@example.com', body: 'failed', via_options: { password: ENV['SMTP_PASSWORD'] })",
      "require 'slack-notifier'\nSlack::Notifier.new(ENV['SLACK_WEBHOOK_URL']).ping('deployed')",
      "class KeyMailer < ApplicationMailer\n  def rotated\n    mail(to: 'operations@example.com', subject: 'a key was replaced')\n  end\nend",
    ],
  },
  *check({ flows }) {
    yield* keyLeaks(flows, 'message', {
      verb: 'sends',
      where: 'in a mail or a chat message',
      fix: (names) => `Take ${names} out of the message; say where to look instead.`,
      correct: withNamesFor,
    })
  },
}
