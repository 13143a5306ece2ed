import { asks, named, positioned } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Over Faraday. */
export const octokit: Model = {
  id: 'octokit',
  title: 'Octokit',
  calls: [
    {
      on: ['Octokit::Client', 'Octokit::EnterpriseAdminClient'],
      names: ['new'],
      type: 'octokit',
      holds: { named: ['access_token', 'bearer_token', 'client_secret', 'password', 'management_console_password'] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [
        named('baseUrl', 'api_endpoint'),
        named('verification', 'connection_options.ssl.verify', { false: 'none', true: 'peer' }),
        named('totalTimeout', 'connection_options.request.timeout'),
        named('proxy', 'proxy'),
      ],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    {
      on: ['octokit', 'Octokit'],
      names: ['access_token=', 'bearer_token=', 'client_secret=', 'password='],
      holds: 'all',
    },
    {
      on: ['octokit', 'Octokit'],
      names: ['api_endpoint='],
      options: [positioned('baseUrl', 0)],
      sink: asks,
      defaults: { readTimeout: 60 },
    },
    { on: ['Octokit'], names: ['configure'], blockTakes: ['receiver'] },
  ],
  documentation: 'https://octokit.github.io/octokit.rb/',
}
