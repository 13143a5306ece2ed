import type { Model } from '../model.ts'

const answered = 'answered to the client'
const inField = 'answered to the client in a field'

export const grape: Model = {
  id: 'grape',
  title: 'Grape',
  framework: {
    bases: ['Grape::API', 'Grape::API::Instance'],
    requires: ['grape'],
    classic: false,
    routes: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'route'],
    answersWithValue: true,
    filters: ['before', 'before_validation', 'after_validation', 'after', 'finally'],
    failures: ['rescue_from'],
    failuresShowMessage: true,
    sets: [],
    enables: [],
    disables: [],
    switches: [],
    settings: ['configuration'],
    configures: [],
    environmentTests: {},
    environmentUnset: 'development',
    uses: ['use', 'insert', 'insert_before', 'insert_after'],
    environment: '',
    appNames: ['base'],
  },
  debugging: { options: ['backtrace', 'original_exception'] },
  parents: { 'Grape::Exceptions::ValidationErrors': 'Grape::Exceptions::Base' },
  leaves: ['error!'],
  calls: [
    {
      on: ['', 'Grape::Middleware::Base', 'Grape::Middleware::Error'],
      names: ['error!', 'rack_response', 'error_response'],
      sink: [
        { kind: 'response', takes: { positions: [0] }, says: answered },
        { kind: 'field', takes: { positions: [2] }, says: inField },
      ],
    },
    {
      on: [''],
      names: ['present', 'body', 'stream'],
      sink: { kind: 'response', takes: 'all', says: answered },
    },
    { on: [''], names: ['header'], sink: { kind: 'field', takes: 'all', says: inField } },
    { on: [''], names: ['headers'], type: 'request fields' },
    { on: [''], names: ['cookies'], type: 'cookie jar' },
    { on: [''], names: ['request'], type: 'request' },
    { on: [''], names: ['env'], type: 'request environment' },
    { on: [''], names: ['logger'], type: 'logger' },
    {
      on: [''],
      names: ['params', 'declared'],
      type: 'params',
      source: {
        label: 'input',
        named: 'whole',
        says: 'chosen by whoever sends the request',
        lineEnds: 'in entries',
      },
    },
    {
      on: [''],
      names: ['redirect'],
      sink: { kind: 'redirect', takes: { positions: [0] }, says: 'answered to the client in Location' },
    },
  ],
  documentation: 'https://github.com/ruby-grape/grape/blob/master/README.md',
}
