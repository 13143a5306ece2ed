import { asks, inUrl, named, onUnlessFalse, positioned, verificationModes, verifiesWhenTrue } from '../http-options.ts'
import type { CallModel, Model, OptionModel } from '../model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

const settings: readonly OptionModel[] = [
  named('verification', 'ssl_verifyhost', verificationModes),
  named('verification', 'ssl_verifypeer', verifiesWhenTrue),
  named('openTimeout', 'connecttimeout'),
  named('openTimeout', 'connecttimeout_ms'),
  named('totalTimeout', 'timeout'),
  named('totalTimeout', 'timeout_ms'),
  named('clientCertificate', 'sslcert'),
  named('clientKey', 'sslkey'),
  named('debugOutput', 'verbose', onUnlessFalse),
  named('proxy', 'proxy'),
]

const asked: Pick<CallModel, 'sink' | 'options' | 'holds'> = {
  sink: [inUrl({ positions: [0] }), inUrl({ named: ['params'] })],
  options: [positioned('url', 0), ...settings],
  holds: { named: ['headers', 'userpwd', 'body'] },
}

/** libcurl: no limit of time unless told one, and `Authorization` stays behind where a redirect leads to another host. */
export const typhoeus: Model = {
  id: 'typhoeus',
  title: 'Typhoeus and Ethon',
  calls: [
    {
      on: ['Typhoeus', 'Typhoeus::Request'],
      names: verbs,
      type: 'http response',
      sink: [inUrl({ positions: [0] }), inUrl({ named: ['params'] }), asks],
      options: [positioned('url', 0), ...settings],
    },
    { on: ['Typhoeus::Request'], names: ['new'], type: 'typhoeus request', ...asked },
    { on: ['typhoeus request'], names: ['run'], type: 'http response', sink: asks },
    {
      on: ['typhoeus request'],
      names: ['on_complete', 'on_success', 'on_failure', 'on_headers'],
      blockTakes: ['http response'],
    },
    { on: ['typhoeus request'], names: ['response'], type: 'http response' },
    { on: ['typhoeus request'], names: ['options'], part: true, type: 'typhoeus options' },
    { on: ['typhoeus options'], names: ['[]=', 'merge!', 'update'], options: settings },
    { on: ['Typhoeus::Hydra'], names: ['new', 'hydra'], type: 'typhoeus hydra' },
    { on: ['typhoeus hydra'], names: ['queue'], sink: asks },
    { on: ['Typhoeus::Config'], names: ['verbose='], options: [positioned('debugOutput', 0, onUnlessFalse)] },
    {
      on: ['Ethon::Easy'],
      names: ['new'],
      type: 'ethon',
      options: [named('url', 'url'), ...settings],
      holds: { named: ['headers', 'userpwd'] },
    },
    { on: ['ethon'], names: ['http_request'], ...asked },
    { on: ['ethon'], names: ['headers=', 'userpwd='], holds: 'all' },
    { on: ['ethon'], names: ['url='], sink: inUrl('all'), options: [positioned('url', 0)] },
    { on: ['ethon'], names: ['ssl_verifypeer='], options: [positioned('verification', 0, verifiesWhenTrue)] },
    { on: ['ethon'], names: ['ssl_verifyhost='], options: [positioned('verification', 0, verificationModes)] },
    { on: ['ethon'], names: ['timeout=', 'timeout_ms='], options: [positioned('totalTimeout', 0)] },
    { on: ['ethon'], names: ['connecttimeout='], options: [positioned('openTimeout', 0)] },
    { on: ['ethon'], names: ['verbose='], options: [positioned('debugOutput', 0, onUnlessFalse)] },
    { on: ['ethon'], names: ['perform'], sink: asks },
    { on: ['ethon'], names: ['response_body'], type: 'http response' },
  ],
  documentation: 'https://github.com/typhoeus/typhoeus',
}
