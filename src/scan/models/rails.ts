import type { Model } from '../model.ts'

const answered = 'answered to the client'
const chosen = 'chosen by whoever sends the request'
const controllers = ['ActionController::Base', 'ActionController::API', 'ActionController::Metal']
/** The words of a controller stand alone or on `self`. */
const own = ['', ...controllers, 'ApplicationController']

/** Action Pack: controllers and what they answer. */
export const rails: Model = {
  id: 'rails',
  title: 'Rails',
  framework: {
    bases: [...controllers, 'ApplicationController', 'ActionController::Live'],
    requires: ['rails', 'rails/all', 'action_controller', 'action_controller/railtie'],
    classic: false,
    routes: [],
    answersWithValue: false,
    actions: { names: 'every', takes: [], answersWithValue: false, renders: true },
    filters: [
      ...['before_action', 'after_action', 'around_action', 'prepend_before_action', 'append_before_action'],
      ...['before_filter', 'after_filter', 'around_filter'],
    ],
    failures: ['rescue_from'],
    sets: [],
    enables: [],
    disables: [],
    switches: [],
    settings: [],
    configures: [],
    environmentTests: {
      'development?': 'development',
      'test?': 'test',
      'production?': 'production',
      'local?': 'local',
    },
    environmentUnset: 'development',
    uses: ['use'],
    environmentFiles: 'config/environments',
    environment: '',
    appNames: [],
    parameterLog: {
      application: 'Rails::Application',
      filters: ['filter_parameters', 'filter_parameters='],
      parameters: 'params',
    },
  },
  debugging: { middleware: ['ActionDispatch::DebugExceptions'], assigned: ['consider_all_requests_local'] },
  entries: { 'request environment': { 'action_dispatch.exception': 'failure' } },
  calls: [
    {
      on: [...own, 'renderer'],
      names: ['render'],
      renders: true,
      sink: [
        {
          kind: 'response',
          takes: { named: ['json', 'plain', 'html', 'body', 'xml', 'js', 'inline', 'text', 'jsonapi'] },
          says: answered,
        },
        { kind: 'template', takes: { named: ['locals', 'assigns'] }, says: 'handed to the template of the answer' },
        { kind: 'code', takes: { named: ['inline'] }, says: 'run as a template' },
        { kind: 'path', takes: { named: ['file'] }, says: 'answered as a file' },
      ],
    },
    { on: own, names: ['render_to_string', 'render_to_body'], renders: true, gives: ['arguments'] },
    {
      on: own,
      names: ['send_data', 'respond_with', 'response_body='],
      sink: { kind: 'response', takes: { positions: [0] }, says: answered },
    },
    { on: own, names: ['send_file'], sink: { kind: 'path', takes: { positions: [0] }, says: 'sent as a file' } },
    {
      on: own,
      names: ['head'],
      sink: { kind: 'field', takes: 'all', says: 'answered to the client in a field' },
    },
    {
      on: own,
      names: ['redirect_to', 'redirect_back', 'redirect_back_or_to'],
      sink: [
        { kind: 'redirect', takes: { positions: [0] }, says: 'answered to the client in Location' },
        { kind: 'session', takes: { named: ['notice', 'alert', 'flash'] }, says: 'kept in the flash of the session' },
      ],
    },
    { on: own, names: ['respond_to'], blockTakes: ['format chooser'] },
    {
      on: ['format chooser'],
      names: ['*', 'html', 'json', 'xml', 'js', 'text', 'csv', 'any', 'all'],
      gives: ['block'],
    },
    { on: own, names: ['headers'], type: 'answer fields' },
    { on: own, names: ['response'], type: 'response' },
    { on: own, names: ['request'], type: 'request' },
    {
      on: own,
      names: ['params'],
      type: 'params',
      source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'in entries' },
    },
    { on: own, names: ['session', 'flash'], type: 'session' },
    { on: own, names: ['cookies'], type: 'cookie jar' },
    { on: ['cookie jar'], names: ['signed', 'permanent', 'signed_or_encrypted'], type: 'cookie jar' },
    // Nobody but the service can read these.
    { on: ['cookie jar'], names: ['encrypted'], type: 'encrypted cookies' },
    { on: ['encrypted cookies'], names: ['[]=', '[]', 'fetch', 'permanent', 'delete'] },
    { on: ['response'], names: ['stream'], type: 'response' },
    { on: own, names: ['logger'], type: 'logger' },
    {
      on: ['ActionCable'],
      names: ['server'],
      type: 'cable',
    },
    {
      on: ['cable', 'ActionCable::Channel::Base', 'ApplicationCable::Channel'],
      names: ['broadcast', 'broadcast_to', 'transmit'],
      sink: { kind: 'response', takes: 'all', says: 'sent to the clients of a channel' },
    },
  ],
  documentation: 'https://guides.rubyonrails.org/action_controller_overview.html',
}
