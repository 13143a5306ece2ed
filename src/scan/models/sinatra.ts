import type { CallModel, Framework, Model } from '../model.ts'

const answered = 'answered to the client'
const inField = 'answered to the client in a field'
const chosen = 'chosen by whoever sends the request'

/** Every template engine that Sinatra has a word for. */
const engines = [
  ...['erb', 'erubi', 'erubis', 'haml', 'hamlit', 'slim', 'liquid', 'markdown', 'rdoc', 'asciidoc', 'textile'],
  ...['markaby', 'rabl', 'mustache', 'creole', 'mediawiki', 'yajl', 'wlang', 'radius', 'stylus', 'render'],
  ...['partial', 'find_template'],
]

/** The words of Sinatra::Base and of sinatra-contrib, which Padrino shares. */
export const sinatraCalls: readonly CallModel[] = [
  { on: [''], names: ['halt'], sink: { kind: 'response', takes: 'all', says: answered } },
  {
    on: [''],
    names: ['body', 'error', 'not_found', 'jsonp', 'json_response'],
    sink: { kind: 'response', takes: 'all', says: answered },
  },
  { on: [''], names: ['headers'], type: 'answer fields', sink: { kind: 'field', takes: 'all', says: inField } },
  {
    on: [''],
    names: ['etag', 'attachment', 'content_type', 'link', 'prefetch', 'stylesheet', 'cache_control', 'expires'],
    sink: { kind: 'field', takes: 'all', says: inField },
  },
  {
    on: [''],
    names: ['redirect'],
    sink: { kind: 'redirect', takes: { positions: [0] }, says: 'answered to the client in Location' },
  },
  { on: [''], names: ['to', 'url', 'uri', 'link_to'], gives: ['arguments'] },
  {
    on: [''],
    names: ['json', 'content_for', 'capture', 'yield_content', 'capture_html'],
    gives: ['arguments', 'block'],
  },
  {
    on: [''],
    names: engines,
    gives: ['arguments'],
    renders: true,
    layout: 'layout',
    sink: [
      { kind: 'template', takes: { positions: [0] }, says: 'a part of the template of the answer' },
      { kind: 'template', takes: { named: ['locals'] }, says: 'handed to the template of the answer' },
      { kind: 'code', takes: { positions: [0] }, says: 'run as a template, or the name of one' },
    ],
  },
  // What the block calls on the builder becomes an element of the answer.
  { on: [''], names: ['builder', 'nokogiri'], blockTakes: ['xml builder'], gives: ['arguments'], renders: true },
  {
    on: ['xml builder'],
    names: ['*', 'text!', 'cdata!', '<<', 'comment!', 'tag!'],
    blockTakes: ['xml builder'],
    sink: { kind: 'response', takes: 'all', says: answered },
  },
  { on: [''], names: ['send_file'], sink: { kind: 'path', takes: { positions: [0] }, says: 'sent as a file' } },
  {
    on: [''],
    names: ['respond_with'],
    sink: { kind: 'response', takes: 'all', says: answered },
  },
  { on: [''], names: ['respond_to'], blockTakes: ['responder'] },
  {
    on: [''],
    names: ['params'],
    type: 'params',
    source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'in entries' },
  },
  {
    on: [''],
    names: ['back'],
    type: 'params',
    source: { label: 'input', named: 'whole', says: chosen, lineEnds: 'none' },
  },
  { on: [''], names: ['request'], type: 'request' },
  { on: [''], names: ['response'], type: 'response' },
  { on: [''], names: ['session', 'flash'], type: 'session' },
  { on: [''], names: ['cookies'], type: 'cookie jar' },
  { on: [''], names: ['logger'], type: 'logger' },
  { on: [''], names: ['env'], type: 'request environment' },
  { on: [''], names: ['stream'], blockTakes: ['response'] },
  {
    on: ['responder'],
    names: ['*', 'html', 'json', 'xml', 'txt', 'text', 'js', 'css', 'csv', 'on', 'any'],
    sink: { kind: 'response', takes: 'all', says: answered },
  },
]

/** What Sinatra and Padrino have in common. */
export const sinatraFramework: Framework = {
  bases: ['Sinatra::Base', 'Sinatra::Application', 'Hobbit::Base'],
  requires: ['sinatra', 'sinatra/base', 'sinatra/main', 'sinatra/reloader'],
  classic: true,
  routes: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'link', 'unlink', 'route', 'any'],
  answersWithValue: true,
  captures: 'parts',
  guardsPath: { switch: 'protection', parameters: 'params' },
  filters: ['before', 'after'],
  failures: ['error', 'not_found'],
  sets: ['set'],
  enables: ['enable'],
  disables: ['disable'],
  switches: ['logging', 'dump_errors', 'show_exceptions', 'raise_errors', 'sessions', 'static', 'lock', 'protection'],
  errorPage: 'show_exceptions',
  settings: ['settings', 'options'],
  settingsFiles: ['config_file'],
  configures: ['configure'],
  environmentTests: { 'development?': 'development', 'test?': 'test', 'production?': 'production' },
  environmentUnset: 'development',
  uses: ['use'],
  environment: 'environment',
  extensions: ['registered', 'extended', 'included', 'inherited'],
  appNames: ['app', 'base', 'klass'],
  errorLog: 'dump_errors',
  accessLog: {
    setting: 'logging',
    middleware: ['Rack::CommonLogger'],
    parameters: 'params',
    queryRoutes: ['get', 'head', 'delete'],
    withQuery: ['fullpath', 'url', 'query_string', 'original_url', 'original_fullpath'],
  },
}

export const sinatra: Model = {
  id: 'sinatra',
  title: 'Sinatra',
  framework: sinatraFramework,
  debugging: { middleware: ['Sinatra::ShowExceptions'], settings: ['show_exceptions'] },
  entries: { 'request environment': { 'sinatra.error': 'failure' } },
  leaves: ['halt', 'redirect', 'pass'],
  calls: sinatraCalls,
  documentation: 'https://sinatrarb.com/intro.html',
}
