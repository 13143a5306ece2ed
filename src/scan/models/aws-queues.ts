import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'queue', takes: 'all', says: 'sent as a message of the cloud’s queue' }

/** SQS, SNS, EventBridge and Kinesis. The credentials of a client are what it signs with. */
export const awsQueues: Model = {
  id: 'aws-queues',
  title: 'SQS and SNS',
  calls: [
    {
      on: ['Aws::SQS::Queue', 'Aws::SNS::Topic'],
      names: ['new'],
      type: 'aws client',
    },
    {
      on: ['aws client'],
      names: ['queue', 'topic', 'get_queue_by_name', 'create_queue', 'create_topic'],
      type: 'aws client',
    },
    {
      on: ['aws client'],
      names: [
        'send_message',
        'send_messages',
        'send_message_batch',
        'publish',
        'publish_batch',
        'put_events',
        'put_record',
        'put_records',
      ],
      sink: sent,
    },
  ],
  documentation: 'https://docs.aws.amazon.com/sdk-for-ruby/v3/api/Aws/SQS/Client.html',
}
