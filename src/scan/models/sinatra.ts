import type { Model } from '../model.ts'

const answered = 'answered to the client'

export const sinatra: Model = {
  id: 'sinatra',
  title: 'Sinatra',
  framework: {
    bases: ['Sinatra::Base', 'Sinatra::Application'],
    requires: ['sinatra', 'sinatra/base', 'sinatra/main', 'sinatra/reloader'],
    routes: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'link', 'unlink'],
    failures: ['error', 'not_found'],
    sets: ['set'],
    enables: ['enable'],
    disables: ['disable'],
    switches: ['logging', 'dump_errors', 'show_exceptions', 'raise_errors', 'sessions', 'static', 'lock', 'protection'],
    settings: ['settings', 'options'],
    configures: ['configure'],
    environmentTests: { 'development?': 'development', 'test?': 'test', 'production?': 'production' },
    uses: ['use'],
    failure: 'sinatra.error',
  },
  debugging: {
    middleware: ['Rack::ShowExceptions', 'Sinatra::ShowExceptions', 'BetterErrors::Middleware'],
    settings: ['show_exceptions'],
  },
  calls: [
    { on: [''], names: ['halt'], sink: { kind: 'response', takes: 'all', says: answered } },
    { on: [''], names: ['body', 'error', 'not_found'], sink: { kind: 'response', takes: 'all', says: answered } },
    {
      on: [''],
      names: ['headers'],
      type: 'response',
      sink: { kind: 'response', takes: 'all', says: 'answered to the client in a field' },
    },
    {
      on: [''],
      names: ['redirect'],
      sink: { kind: 'response', takes: 'first', says: 'answered to the client in Location' },
    },
    { on: [''], names: ['json', 'jsonp', 'yajl'], gives: ['arguments'] },
    {
      on: [''],
      names: [
        'erb',
        'haml',
        'slim',
        'liquid',
        'builder',
        'markdown',
        'erubi',
        'haml',
        'nokogiri',
        'rabl',
        'mustache',
        'render',
        'partial',
      ],
      sink: { kind: 'response', takes: { named: ['locals'] }, says: 'handed to the template of the answer' },
    },
    { on: [''], names: ['params'], type: 'params', input: true },
    { on: [''], names: ['request'], type: 'request' },
    { on: [''], names: ['response'], type: 'response' },
    { on: [''], names: ['logger'], type: 'logger' },
    { on: [''], names: ['env'], type: 'rack environment' },
    { on: [''], names: ['stream'], blockTakes: ['response'] },
  ],
  documentation: 'https://sinatrarb.com/intro.html',
}
