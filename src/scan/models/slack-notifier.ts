import type { Model } from '../model.ts'

/** Chat messages. The address of the webhook is what the notifier signs in with. */
export const slackNotifier: Model = {
  id: 'slack-notifier',
  title: 'Slack::Notifier',
  calls: [
    {
      on: [
        'Slack::Notifier',
        'SlackNotifier',
        'Slack::Incoming::Webhooks',
        'Discordrb::Webhooks::Client',
        'HipChat::Client',
      ],
      names: ['new'],
      type: 'chat',
    },
    {
      on: ['chat'],
      names: ['ping', 'post', 'execute', 'send'],
      sink: { kind: 'message', takes: 'all', says: 'sent as a chat message' },
    },
    {
      on: ['*'],
      names: ['chat_postMessage', 'chat_postEphemeral', 'chat_update', 'files_upload', 'files_upload_v2'],
      sink: { kind: 'message', takes: 'all', says: 'sent as a chat message' },
    },
  ],
  documentation: 'https://github.com/slack-notifier/slack-notifier',
}
