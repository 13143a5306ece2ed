import { always, asks, inUrl, named, onUnlessFalse, positioned, verifiesWhenTrue } from '../http-options.ts'
import type { Model, OptionModel } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'copy', 'mkcol', 'move', 'lock', 'unlock']

const settings: readonly OptionModel[] = [
  named('verification', 'verify', verifiesWhenTrue),
  named('verification', 'verify_peer', verifiesWhenTrue),
  named('totalTimeout', 'timeout'),
  named('openTimeout', 'open_timeout'),
  named('readTimeout', 'read_timeout'),
  named('clientCertificate', 'pem'),
  named('clientKey', 'pem'),
  named('clientCertificate', 'p12'),
  named('clientKey', 'p12'),
  named('redirects', 'follow_redirects', { true: 'with fields as told', false: false }),
  // Its own credentials stay behind where a redirect leads to another host; fields do not.
  named('redirects', 'basic_auth', {}),
  named('redirects', 'digest_auth', {}),
  named('debugOutput', 'debug_output', onUnlessFalse),
  named('baseUrl', 'base_uri'),
  named('proxy', 'http_proxyaddr'),
]

/** As a module of its own and mixed into a class. Follows redirects, and sends the same fields to wherever they lead. */
export const httparty: Model = {
  id: 'httparty',
  title: 'HTTParty',
  calls: [
    {
      on: ['HTTParty'],
      names: ['default_params'],
      sink: { kind: 'url', takes: 'all', says: 'sent in the query of every URL' },
    },
    { on: ['HTTParty'], names: ['base_uri'], options: [positioned('baseUrl', 0)] },
    { on: ['HTTParty'], names: ['headers', 'basic_auth', 'digest_auth', 'cookies'], holds: 'all' },
    { on: ['HTTParty'], names: ['default_timeout'], options: [positioned('totalTimeout', 0)] },
    { on: ['HTTParty'], names: ['open_timeout'], options: [positioned('openTimeout', 0)] },
    { on: ['HTTParty'], names: ['read_timeout'], options: [positioned('readTimeout', 0)] },
    {
      on: ['HTTParty'],
      names: ['follow_redirects'],
      options: [positioned('redirects', 0, { true: 'with fields as told', false: false })],
    },
    { on: ['HTTParty'], names: ['no_follow'], options: [always('redirects', false)] },
    // Of its forms of a line only this one has the fields.
    {
      on: ['HTTParty'],
      names: ['logger'],
      options: [positioned('debugOutput', 2, { curl: 'logger', apache: false, logstash: false })],
    },
    { on: ['HTTParty'], names: ['debug_output'], options: [always('debugOutput', true)] },
    {
      on: ['HTTParty'],
      names: ['pem', 'pkcs12'],
      options: [positioned('clientCertificate', 0), positioned('clientKey', 0)],
    },
    { on: ['HTTParty'], names: ['default_options'], part: true, type: 'httparty options' },
    { on: ['httparty options'], names: ['[]=', 'update', 'merge!'], options: settings, holds: { named: ['headers'] } },
    {
      on: ['HTTParty'],
      names: verbs,
      type: 'http response',
      raises: 'URI::InvalidURIError',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['query'] }), asks],
      options: [positioned('url', 0), ...settings],
      defaults: { openTimeout: 60, readTimeout: 60, redirects: 'with fields' },
    },
  ],
  documentation: 'https://github.com/jnunemaker/httparty',
}
