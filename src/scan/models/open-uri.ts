import { asks, inUrl, minuteEach, named, positioned, verificationModes } from '../http-options.ts'
import type { Model, SinkModel } from '../model.ts'

/** What is no URL is handed on to `Kernel#open`. */
const opened: SinkModel = {
  kind: 'open',
  takes: { positions: [0] },
  leading: true,
  // A text that begins as a URL is asked for, and is no file.
  where: /^(?!\s*https?:\/\/)/i,
  says: 'opened, as a URL or what else it names',
}

/** Follows redirects, and sends every field that it was given as a text on to wherever they lead. */
export const openUri: Model = {
  id: 'open-uri',
  title: 'open-uri',
  calls: [
    {
      on: ['URI', 'OpenURI'],
      names: ['open', 'open_uri'],
      type: 'http response',
      raises: 'URI::InvalidURIError',
      blockTakes: ['http response'],
      sink: [inUrl({ positions: [0] }), asks, opened],
      options: [
        positioned('url', 0),
        named('verification', 'ssl_verify_mode', verificationModes),
        named('openTimeout', 'open_timeout'),
        named('readTimeout', 'read_timeout'),
        named('redirects', 'redirect', { true: 'with fields as told', false: false }),
        // Sent to the URL itself only.
        named('redirects', 'http_basic_authentication', {}),
        named('proxy', 'proxy'),
      ],
      defaults: { ...minuteEach, redirects: 'with fields' },
    },
    {
      on: ['uri'],
      names: ['open', 'read'],
      type: 'http response',
      blockTakes: ['http response'],
      sink: [{ kind: 'url', takes: 'receiver', says: 'asked for as a URL' }, asks],
      options: [
        { option: 'url', from: { receiver: true } },
        named('verification', 'ssl_verify_mode', verificationModes),
        named('openTimeout', 'open_timeout'),
        named('readTimeout', 'read_timeout'),
        named('redirects', 'redirect', { true: 'with fields as told', false: false }),
        // Sent to the URL itself only.
        named('redirects', 'http_basic_authentication', {}),
      ],
      defaults: { ...minuteEach, redirects: 'with fields' },
    },
    {
      on: ['http response'],
      names: ['read', 'each_line', 'gets', 'readlines'],
      source: {
        label: 'upstream',
        named: 'whole',
        title: 'what the upstream answered',
        says: 'is read from the response',
      },
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/OpenURI.html',
}
