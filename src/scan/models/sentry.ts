import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Sentry' }
const kept: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Sentry with every event' }

const context = [
  ...['set_user', 'set_tags', 'set_tag', 'set_extras', 'set_extra', 'set_context', 'set_contexts', 'set_rack_env'],
  ...['set_transaction_name', 'set_fingerprint', 'add_breadcrumb', 'add_attachment', 'user=', 'tags=', 'extra='],
]

/** Sentry's gem, and Raven before it. */
export const sentry: Model = {
  id: 'sentry',
  title: 'Sentry',
  calls: [
    {
      on: ['Sentry', 'Raven', 'Sentry::Hub', 'Sentry::Client', 'Raven::Client'],
      names: [
        ...['capture_message', 'capture_exception', 'capture_event', 'capture_type', 'capture_check_in', 'capture_log'],
        ...['notify', 'send_event'],
      ],
      sink: sent,
    },
    {
      on: ['Sentry', 'Raven'],
      names: [...context, 'user_context', 'tags_context', 'extra_context', 'annotate_exception', 'record_breadcrumb'],
      sink: kept,
    },
    {
      on: ['Sentry', 'Raven'],
      names: ['with_scope', 'configure_scope'],
      gives: ['block'],
      blockTakes: ['sentry scope'],
    },
    { on: ['Sentry'], names: ['get_current_scope'], type: 'sentry scope' },
    { on: ['sentry scope'], names: context, sink: kept },
    { on: ['Sentry::Breadcrumb', 'Raven::Breadcrumb'], names: ['new'], gives: ['arguments'] },
    { on: ['Sentry', 'Raven'], names: ['breadcrumbs'], type: 'sentry breadcrumbs' },
    { on: ['sentry breadcrumbs'], names: ['record', '<<'], blockTakes: ['sentry breadcrumb'], sink: kept },
    { on: ['sentry breadcrumb'], names: ['message=', 'data=', 'category='], sink: kept },
    { on: ['Sentry'], names: ['start_transaction', 'get_span', 'continue_trace'], type: 'sentry span' },
    {
      on: ['Sentry', 'sentry span'],
      names: ['with_child_span', 'start_child'],
      type: 'sentry span',
      gives: ['block'],
      blockTakes: ['result'],
    },
    {
      on: ['sentry span'],
      names: ['set_data', 'set_tag', 'set_description', 'set_measurement', 'set_name'],
      sink: { kind: 'telemetry', takes: 'all', says: 'put in a trace' },
    },
    { on: ['Sentry'], names: ['logger', 'metrics'], type: 'sentry log' },
    {
      on: ['sentry log'],
      names: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'increment', 'distribution', 'gauge', 'count', 'set'],
      sink: sent,
    },
  ],
  documentation: 'https://docs.sentry.io/platforms/ruby/',
}
