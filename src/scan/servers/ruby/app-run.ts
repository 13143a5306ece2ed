import { type Call, type Expression, walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import { isConstant, type Known, knownIn, tableValue, textValue } from './evaluate.ts'

/** How a program starts its own server when its file is run. */
export interface AppRun {
  readonly file: SourceFile
  readonly by: 'sinatra' | 'rack server' | 'handler'
  readonly start: number
  readonly end: number
  readonly known: Known
  /** `puma`, where the code names one. */
  readonly servers: readonly string[] | undefined
  readonly host: string | undefined
  readonly port: string | undefined
  readonly environment: string | undefined
  /** What else is handed to the server, and where that is written. */
  readonly options: ReadonlyMap<string, Expression>
  readonly optionsAt: Expression | undefined
  /** Whether the server is given a host and a port at all: Puma then reads none from its configuration. */
  readonly givesAddress: boolean
}

/**
 * How a file starts a server when it is run: a classic Sinatra app at its end, `App.run!`, `Rack::Server.start`,
 * `Rack::Handler::Puma.run`. Undefined where it does not, as far as the file itself says.
 */
export function appRun(tree: Tree, path: string, environment: ReadonlyMap<string, string>): AppRun | undefined {
  const file = tree.file(path)
  const root = tree.form(path)
  if (!file || !root) return undefined
  const known = knownIn(root, environment)
  let run: AppRun | undefined
  let required: Call | undefined
  let isOff = false
  const settings = settingsIn(root, known)
  walk(root, (expression) => {
    if (expression.kind !== 'call') return
    const { name, receiver, args } = expression
    const [first] = args
    if (name === 'require' && !receiver && first?.kind === 'text' && /^sinatra(?:\/main)?$/.test(first.value))
      required = expression
    if (name === 'run!' || (name === 'start!' && receiver?.kind === 'read'))
      run = sinatraRun(expression, file, known, settings, args)
    else if (name === 'start' && isConstant(receiver, 'Rack::Server', 'Rackup::Server'))
      run = serverStart(expression, file, known)
    else if (name === 'run' && receiver) run = handlerRun(expression, receiver, file, known) ?? run
  })
  isOff = settings.values.get('run') === 'false'
  if (run) return run
  return required && !isOff ? sinatraRun(required, file, known, settings, []) : undefined
}

interface Settings {
  readonly values: ReadonlyMap<string, string>
  readonly servers: readonly string[] | undefined
  readonly options: Expression | undefined
}

/** What `set` says of the server, where that holds in production. */
function settingsIn(root: Expression, known: Known): Settings {
  const values = new Map<string, string>()
  let servers: readonly string[] | undefined
  let options: Expression | undefined
  const take = (name: string, value: Expression | undefined) => {
    if (name === 'server_settings') options = value
    else if (name === 'server') servers = namesOf(value, known)
    else {
      const text = textValue(value, known)
      if (text !== undefined) values.set(name, text)
      else values.delete(name)
    }
  }
  walk(root, (expression, enclosing) => {
    // `class << settings; def server_settings`: what the function answers.
    if (expression.kind === 'define' && expression.name === 'server_settings') options = expression.closure.body
    if (expression.kind !== 'call' || enclosing.some(isElsewhere)) return
    const [first, second] = expression.args
    if (expression.name === 'disable')
      for (const arg of expression.args) take(textValue(arg, known) ?? '', falseAt(arg))
    if (expression.name !== 'set') return
    if (first?.kind === 'table')
      for (const { key, value } of first.entries) take((key && textValue(key, known)) ?? '', value)
    else if (first?.kind === 'text') take(first.value, second)
  })
  return { values, servers, options }
}

function falseAt({ start, end }: Expression): Expression {
  return { kind: 'constant', value: false, start, end }
}

/** `configure :development do`: not where the app is in production. */
function isElsewhere(expression: Expression): boolean {
  if (expression.kind !== 'call' || expression.name !== 'configure' || expression.args.length === 0) return false
  return expression.args.every((arg) => arg.kind === 'text' && arg.value !== 'production')
}

function namesOf(value: Expression | undefined, known: Known): readonly string[] | undefined {
  if (value?.kind === 'list') return value.items.flatMap((item) => textValue(item, known)?.toLowerCase() ?? [])
  const name = textValue(value, known)
  return name === undefined ? undefined : [name.toLowerCase()]
}

function sinatraRun(
  call: Call,
  file: SourceFile,
  known: Known,
  settings: Settings,
  args: readonly Expression[],
): AppRun {
  const own = tableValue(args.at(-1), known)
  const of = (name: string) => (own?.has(name) ? textValue(own.get(name), known) : settings.values.get(name))
  const optionsAt = own?.get('server_settings') ?? settings.options
  return {
    file,
    by: 'sinatra',
    start: call.start,
    end: call.end,
    known,
    servers: own?.has('server') ? namesOf(own.get('server'), known) : settings.servers,
    host: of('bind') ?? of('host'),
    port: of('port'),
    environment: of('environment'),
    options: tableValue(optionsAt, known) ?? new Map(),
    optionsAt,
    givesAddress: true,
  }
}

function serverStart(call: Call, file: SourceFile, known: Known): AppRun {
  const table = tableValue(call.args.at(-1), known)
  const server = textValue(table?.get('server'), known)?.toLowerCase()
  return {
    ...givenTo(call, file, known, table),
    by: 'rack server',
    servers: server === undefined ? undefined : [server],
  }
}

const handlerName = /^(?:Rack|Rackup)::Handler::(\w+)$/

/** `Rack::Handler::Puma.run app, Port: 80` and `Rack::Handler.get('puma').run app`. */
function handlerRun(call: Call, receiver: Expression, file: SourceFile, known: Known): AppRun | undefined {
  let server: string | undefined
  if (receiver.kind === 'read' && receiver.variable.scope === 'constant')
    server = handlerName.exec(receiver.variable.name.replace(/^::/, ''))?.[1]
  else if (
    receiver.kind === 'call' &&
    ['get', 'pick', 'default'].includes(receiver.name) &&
    isConstant(receiver.receiver, 'Rack::Handler', 'Rackup::Handler')
  )
    server = textValue(receiver.args[0], known) ?? ''
  if (server === undefined) return undefined
  const table = tableValue(call.args.at(-1), known)
  return {
    ...givenTo(call, file, known, table),
    by: 'handler',
    servers: server === '' ? undefined : [server.toLowerCase()],
  }
}

function givenTo(call: Call, file: SourceFile, known: Known, table: ReadonlyMap<string, Expression> | undefined) {
  return {
    file,
    start: call.start,
    end: call.end,
    known,
    host: textValue(table?.get('Host') ?? table?.get('BindAddress'), known),
    port: textValue(table?.get('Port'), known),
    environment: undefined,
    options: table ?? new Map<string, Expression>(),
    optionsAt: call.args.at(-1),
    givesAddress: table !== undefined && (table.has('Host') || table.has('Port')),
  }
}
