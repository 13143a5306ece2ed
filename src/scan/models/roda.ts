import type { Model, SinkModel } from '../model.ts'

const answered = 'answered to the client'
const chosen = 'chosen by whoever sends the request'

const rendered: readonly SinkModel[] = [
  { kind: 'template', takes: { named: ['locals'] }, says: 'handed to the template of the answer' },
  { kind: 'code', takes: { named: ['inline'] }, says: 'run as a template' },
  // A name that leaves the folder of the templates is refused.
  { kind: 'code', takes: { positions: [0] }, says: 'chooses a template' },
]

export const roda: Model = {
  id: 'roda',
  title: 'Roda',
  framework: {
    bases: ['Roda'],
    requires: ['roda'],
    classic: false,
    routes: [
      ...[
        'on',
        'is',
        'get',
        'post',
        'root',
        'put',
        'patch',
        'delete',
        'head',
        'options',
        'link',
        'unlink',
        'is_exactly',
      ],
      ...['trace', 'branch', 'hash_branches', 'multi_run', 'pass'],
    ],
    routesOn: ['roda request'],
    answersWithValue: true,
    captures: 'segments',
    trees: ['route', 'hash_branch', 'hash_path', 'hash_routes'],
    filters: ['before', 'after', 'before_hook', 'after_hook'],
    failures: ['error', 'not_found', 'plugin error_handler', 'plugin not_found'],
    sets: [],
    enables: [],
    disables: [],
    switches: [],
    settings: ['opts'],
    configures: ['configure'],
    environmentTests: { 'development?': 'development', 'test?': 'test', 'production?': 'production' },
    environmentUnset: 'development',
    uses: ['use'],
    environment: 'environment',
    appNames: ['app'],
  },
  debugging: { calls: ['exception_page'] },
  calls: [
    {
      on: ['roda request'],
      names: ['redirect'],
      sink: { kind: 'redirect', takes: { positions: [0] }, says: 'answered to the client in Location' },
    },
    { on: ['roda request'], names: ['halt'], sink: { kind: 'response', takes: 'all', says: answered } },
    {
      on: ['roda request'],
      names: ['params', 'GET', 'POST'],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'in entries' },
    },
    {
      on: ['roda request'],
      names: ['body', 'path', 'remaining_path', 'query_string'],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'none' },
    },
    { on: ['roda request'], names: ['env'], type: 'request environment' },
    { on: ['roda request'], names: ['headers'], type: 'request fields' },
    { on: ['roda request'], names: ['cookies'], type: 'request cookies' },
    { on: ['roda request'], names: ['session'], type: 'session' },
    {
      on: [''],
      names: ['view'],
      gives: ['arguments'],
      renders: true,
      layout: 'layout',
      sink: rendered,
    },
    {
      on: [''],
      names: ['render', 'part', 'partial'],
      gives: ['arguments'],
      renders: true,
      sink: rendered,
    },
    { on: [''], names: ['request', 'r'], type: 'roda request' },
    { on: [''], names: ['response'], type: 'response' },
    { on: [''], names: ['session', 'flash'], type: 'session' },
    { on: [''], names: ['env'], type: 'request environment' },
    // A page of its own, and a rule of its own.
    { on: [''], names: ['exception_page'], type: 'plain' },
  ],
  documentation: 'https://roda.jeremyevans.net/documentation.html',
}
