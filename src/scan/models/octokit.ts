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
    { on: ['octokit'], names: ['access_token', 'bearer_token', 'client_secret', 'password'], gives: ['entries'] },
    {
      on: ['octokit'],
      names: [
        ...['create_issue', 'update_issue', 'add_comment', 'create_pull_request', 'create_pull_request_comment'],
        ...['create_commit_comment', 'create_release', 'create_gist', 'create_contents', 'update_contents'],
        ...['create_status', 'create_deployment', 'create_deployment_status'],
      ],
      sink: { kind: 'message', takes: 'all', says: 'written where others of the repository read it' },
    },
  ],
  documentation: 'https://octokit.github.io/octokit.rb/',
}
