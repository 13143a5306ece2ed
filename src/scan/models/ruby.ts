import { asks, positioned } from '../http-options.ts'
import type { CallModel, Model, SourceModel } from '../model.ts'

const streams = ['puts', 'print', 'write', '<<', 'printf', 'p', 'pp', 'syswrite', 'write_nonblock', 'print']

/** Programs that are started, code that is made from text, names that choose what is called. */
const system: readonly CallModel[] = [
  {
    on: ['', 'Kernel', 'Process', 'IO', 'Open3', 'PTY'],
    names: [
      ...['`', 'system', 'exec', 'spawn', 'popen', 'popen2', 'popen2e', 'popen3', 'capture2', 'capture2e', 'capture3'],
      ...['pipeline', 'pipeline_r', 'pipeline_w'],
    ],
    sink: { kind: 'command', takes: 'all', says: 'handed to a program as an argument' },
    source: {
      label: 'settings',
      named: 'argument',
      names: /^\s*(?:(?:printenv|env)\s*(?:[|>&;]|$)|cat \/proc\/(?:self|\d+)\/environ)/,
      says: 'gives the whole environment',
    },
  },
  {
    on: ['', 'Kernel', 'RubyVM::InstructionSequence'],
    names: ['eval', 'instance_eval', 'class_eval', 'module_eval', 'compile'],
    sink: { kind: 'code', takes: { positions: [0] }, says: 'run as code' },
  },
  { on: ['binding'], names: ['eval'], sink: { kind: 'code', takes: { positions: [0] }, says: 'run as code' } },
  {
    on: ['', '*'],
    names: [
      ...['send', 'public_send', '__send__', 'const_get', 'instance_variable_get', 'class_variable_get', 'method'],
      ...['instance_method', 'public_method', 'define_method', 'instance_variable_set', 'const_set'],
    ],
    sink: { kind: 'code', takes: { positions: [0] }, says: 'chooses what is called' },
  },
  {
    on: ['*'],
    names: ['constantize', 'safe_constantize'],
    sink: { kind: 'code', takes: 'receiver', says: 'chooses a class' },
  },
  {
    on: ['*'],
    names: ['==', '===', '!=', 'eql?', 'equal?', 'casecmp', 'casecmp?', '<=>', 'include?', 'member?'],
    sink: { kind: 'compare', takes: 'receiver', says: 'compared in the time that equal beginnings take' },
  },
  {
    on: ['', 'Kernel'],
    names: ['Integer', 'Float', 'Rational', 'Complex'],
    quotes: { error: 'ArgumentError', what: 'argument' },
  },
]

const path = { kind: 'path', takes: { positions: [0] }, says: 'opened as a file' } as const
const content = { kind: 'file', takes: { positions: [1] }, says: 'written to a file' } as const

/** Where services keep their secrets. */
const secretFiles =
  /secret|credential|config|setting|~\/\.|\.env|(?:^|[/_.-])keys?(?:$|[/_.-])|database\.ya?ml|password|token/i

const opened = { kind: 'open', takes: { positions: [0] }, says: 'opened, as a file or what else it names' } as const
/** A text that begins so is a URL to what open-uri makes of `open`, and no name of a file. */
const asUrl = /^\s*https?:\/\//i
const receiverPath = { kind: 'path', takes: 'receiver', says: 'opened as a file' } as const

/** What the process was started with. */
const processEnvironment: SourceModel = {
  label: 'settings',
  named: 'argument',
  names: /^\/proc\/(?:self|thread-self|\d+|\*)\/environ$/,
  says: 'holds the whole environment',
}

const reads = ['read', 'binread', 'readlines', 'foreach'] as const

const files: readonly CallModel[] = [
  {
    on: ['File', 'Pathname', 'CSV'],
    names: [...reads, 'load_file', 'table'],
    type: 'file text',
    typeWhere: secretFiles,
    sink: path,
    source: processEnvironment,
  },
  { on: ['IO'], names: reads, type: 'file text', typeWhere: secretFiles, sink: opened, source: processEnvironment },
  { on: ['IO', 'FileUtils'], names: ['copy_stream'], sink: path },
  { on: ['File', 'IO'], names: ['write', 'binwrite'], sink: [path, content] },
  {
    on: ['File', 'IO'],
    names: ['open', 'new', 'create', 'sysopen'],
    type: 'file',
    sink: path,
    source: processEnvironment,
    blockTakes: ['result'],
  },
  // Takes separators out of the name that it is given.
  { on: ['Tempfile'], names: ['open', 'new', 'create'], type: 'file', blockTakes: ['result'] },
  {
    on: ['', 'Kernel'],
    names: ['open'],
    type: 'file',
    sink: [
      { ...opened, where: /^(?!\s*https?:\/\/)/i },
      { ...asks, where: asUrl },
    ],
    options: [positioned('url', 0)],
    blockTakes: ['result'],
  },
  {
    on: ['File', 'FileUtils', 'Dir'],
    names: [
      ...['delete', 'unlink', 'rename', 'chmod', 'rm', 'rm_f', 'rm_r', 'rm_rf', 'cp', 'cp_r', 'copy', 'mv', 'move'],
      ...['glob', '[]', 'entries', 'children', 'each_child', 'mkdir', 'mkdir_p', 'symlink', 'link', 'ln_s', 'readlink'],
    ],
    sink: path,
  },
  {
    on: ['', 'Kernel'],
    names: ['load', 'require', 'require_relative'],
    sink: { kind: 'code', takes: { positions: [0] }, says: 'loaded as code' },
  },
  {
    on: ['file'],
    names: streams,
    sink: { kind: 'file', takes: 'all', says: 'written to a file' },
  },
  { on: ['File'], names: ['join'], gives: ['arguments'], joins: '/' },
  { on: ['File'], names: ['path'], gives: ['argument itself'] },
  {
    on: ['File'],
    names: ['expand_path', 'absolute_path', 'realpath', 'realdirpath'],
    gives: ['argument itself'],
    resolves: true,
  },
  { on: ['File'], names: ['basename', 'extname'], gives: ['arguments'], escapes: true },
  { on: ['', 'Pathname'], names: ['Pathname', 'new'], type: 'pathname', gives: ['arguments'] },
  { on: ['pathname'], names: ['+', '/', 'join'], type: 'pathname', gives: ['receiver', 'arguments'] },
  {
    on: ['pathname', 'plain'],
    names: ['expand_path', 'realpath', 'cleanpath'],
    type: 'pathname',
    gives: ['receiver'],
    resolves: true,
  },
  {
    on: ['pathname'],
    names: [...reads, 'open', 'each_line', 'children', 'entries', 'glob', 'write', 'delete', 'unlink'],
    sink: receiverPath,
    blockTakes: ['file'],
  },
  { on: ['pathname'], names: ['basename', 'extname'] },
  { on: ['*'], names: ['cleanpath'], type: 'pathname', gives: ['receiver'], resolves: true },
]

const made = { kind: 'object', says: 'made into objects' } as const

/** What makes objects from a text, and may make any. */
const objects: readonly CallModel[] = [
  { on: ['Marshal'], names: ['load', 'restore'], sink: { ...made, takes: { positions: [0] } } },
  {
    on: ['YAML', 'Psych'],
    names: ['unsafe_load', 'unsafe_load_file', 'load_stream'],
    sink: { ...made, takes: { positions: [0] } },
  },
  { on: ['Oj'], names: ['load'], sink: { ...made, takes: { positions: [0] }, without: ['mode'] } },
  { on: ['Oj'], names: ['object_load'], sink: { ...made, takes: { positions: [0] } } },
  { on: ['Ox'], names: ['parse_obj'], sink: { ...made, takes: { positions: [0] } } },
]

/** Texts that only the holder of a key can make. */
const signed = {
  label: 'signature',
  named: 'whole',
  title: 'the signature',
  says: 'is computed with a key',
} as const

const signing = { kind: 'signing', takes: { positions: [1] }, says: 'signs messages' } as const

const signatures: readonly CallModel[] = [
  {
    on: ['MD5', 'SHA1', 'SHA2', 'SHA256', 'SHA384', 'SHA512'].flatMap((name) => [
      `Digest::${name}`,
      `OpenSSL::Digest::${name}`,
    ]),
    names: ['hexdigest', 'digest', 'base64digest'],
    sink: { kind: 'digest', takes: { positions: [0] }, says: 'digested' },
  },
  {
    on: ['OpenSSL::HMAC'],
    names: ['hexdigest', 'digest', 'base64digest'],
    source: signed,
    sink: [{ kind: 'digest', takes: { positions: [1] }, says: 'signs' }, signing],
  },
  {
    on: ['OpenSSL::HMAC'],
    names: ['new'],
    type: 'authentication code',
    sink: [
      { ...signing, takes: { positions: [0] } },
      { kind: 'digest', takes: { positions: [0] }, says: 'signs' },
    ],
  },
  { on: ['OpenSSL::Cipher', 'OpenSSL::Cipher::AES'], names: ['new'], type: 'cipher' },
  { on: ['cipher'], names: ['encrypt', 'decrypt'], type: 'cipher' },
  { on: ['cipher'], names: ['key='], sink: { kind: 'signing', takes: 'all', says: 'encrypts' } },
  { on: ['authentication code'], names: ['<<', 'update', 'reset'], type: 'authentication code' },
  { on: ['authentication code'], names: ['hexdigest', 'digest', 'base64digest', 'to_s', 'inspect'], source: signed },
]

const inConfiguration = { label: 'key', named: 'argument', says: 'is read from the configuration' } as const
const wholeConfiguration = {
  ...inConfiguration,
  label: 'settings',
  named: 'whole',
  title: 'the whole configuration',
} as const
const entries = ['[]', 'fetch', 'dig']

/** Files of settings: an entry with a secret's name is a secret. */
const configuration: readonly CallModel[] = [
  {
    on: ['YAML', 'Psych', 'TOML', 'Tomlrb', 'PStore', 'IniFile'],
    names: ['load_file', 'safe_load_file', 'unsafe_load_file'],
    type: 'configuration',
    typeWhere: secretFiles,
  },
  {
    on: ['YAML', 'Psych', 'JSON', 'Oj', 'TOML', 'Tomlrb'],
    names: ['load', 'safe_load', 'unsafe_load', 'parse', 'parse!'],
    typeBy: { 'file text': 'configuration' },
    gives: ['inputs'],
    lineEnds: 'in entries',
    quotes: { error: 'JSON::ParserError', what: 'argument' },
  },
  { on: ['JSON'], names: ['load_file', 'load_file!'], type: 'configuration', typeWhere: secretFiles },
  {
    on: ['file text'],
    names: ['result', 'result_with_hash', 'to_s', 'strip', 'chomp', 'freeze', 'scrub'],
    gives: ['receiver'],
    type: 'file text',
  },
  {
    on: ['configuration', 'configuration entry'],
    names: entries,
    type: 'configuration entry',
    source: inConfiguration,
  },
  // Its entries are asked for by their names.
  {
    on: ['configuration object'],
    names: ['*'],
    type: 'configuration object',
    source: { label: 'key', named: 'call', says: 'is read from the configuration' },
  },
  { on: ['configuration object'], names: entries, type: 'configuration object', source: inConfiguration },
  {
    on: ['configuration'],
    names: [
      'deep_symbolize_keys',
      'with_indifferent_access',
      'symbolize_keys',
      'freeze',
      'to_h',
      'transform_keys',
      'dup',
    ],
    type: 'configuration',
  },
  {
    on: ['configuration'],
    names: ['to_json', 'inspect', 'to_yaml', 'to_s', 'values', 'pretty_inspect'],
    source: wholeConfiguration,
  },
  // Each entry is asked for its own again: `{ |tenant, entry| entry['api_key'] }`.
  {
    on: ['configuration', 'configuration entry'],
    names: ['each', 'each_pair', 'map', 'flat_map', 'filter_map', 'collect', 'transform_values', 'each_value'],
    gives: ['block'],
    collects: true,
    blockOver: 'configuration entry',
    source: wholeConfiguration,
  },
]

const fromEnvironment = {
  label: 'key',
  named: 'argument',
  title: 'the environment',
  says: 'is read from the environment',
} as const

/** The whole of it, and the entries of it that have secrets' names. */
const environments = ['environment', 'chosen environment']
const ofNames = ['map', 'flat_map', 'collect', 'each', 'filter_map', 'to_h', 'sum', 'each_with_index']

/** What is had of the environment without a name that the program has written down. */
const environment: readonly CallModel[] = [
  {
    on: environments,
    names: ['[]', 'fetch', 'delete', 'dig', 'assoc'],
    source: { ...fromEnvironment, named: 'argument', ofAll: 'environment name' },
  },
  {
    on: environments,
    names: ['values_at', 'fetch_values', 'slice'],
    source: { ...fromEnvironment, named: 'each argument' },
  },
  // Still the environment, which shows where it is put out.
  ...environments.map((type) => ({
    on: [type],
    names: [
      ...['to_h', 'to_hash', 'dup', 'clone', 'merge', 'to_a', 'sort', 'sort_by', 'itself', 'freeze', 'transform_keys'],
      ...['symbolize_keys', 'with_indifferent_access', 'compact'],
    ],
    type,
  })),
  {
    on: environments,
    names: [
      ...['inspect', 'map', 'flat_map', 'collect', 'each', 'each_pair', 'each_with_object', 'values', 'to_json'],
      ...['as_json', 'reduce', 'inject', 'pretty_inspect', 'to_yaml', 'transform_values', 'to_s'],
    ],
    source: { ...fromEnvironment, label: 'settings', named: 'whole', title: 'every variable of the environment' },
  },
  // A choice of them is hardly the secret ones, unless it is made by such names.
  { on: environments, names: ['select', 'filter', 'keep_if'], type: 'chosen environment', filters: 'kept' },
  { on: environments, names: ['reject', 'delete_if', 'except'], type: 'chosen environment', filters: 'dropped' },
  { on: environments, names: ['partition', 'find_all', 'filter_map', 'grep', 'group_by', 'find'] },
  { on: environments, names: ['keys'], type: 'environment names' },
  { on: ['environment names'], names: ['sort', 'to_a', 'sort_by', 'uniq', 'reverse'], type: 'environment names' },
  { on: ['environment names'], names: ['select', 'filter', 'grep'], type: 'environment names', filters: 'kept' },
  { on: ['environment names'], names: ['reject', 'grep_v', '-'], type: 'environment names', filters: 'dropped' },
  {
    on: ['environment names'],
    names: ['each_with_object'],
    gives: ['argument itself', 'block'],
    blockTakes: ['environment name', 'argument'],
  },
  { on: ['environment names'], names: ofNames, gives: ['block'], blockTakes: ['environment name'] },
  { on: environments, names: ['each_key'], gives: ['block'], blockTakes: ['environment name'] },
  { on: ['environment name'], names: ['to_s', 'to_str', 'dup', 'strip', 'itself'], type: 'environment name' },
]

const ownErrors = [
  ...['StandardError', 'RuntimeError', 'ArgumentError', 'Exception', 'KeyError', 'TypeError', 'IOError', 'NameError'],
  ...['IndexError', 'RangeError', 'NotImplementedError', 'SecurityError', 'ScriptError', 'Timeout::Error'],
]

/** Ruby's own classes. */
export const ruby: Model = {
  id: 'ruby',
  title: 'Ruby',
  values: {
    ENV: 'environment',
    STDOUT: 'stream',
    STDERR: 'stream',
    $stdout: 'stream',
    $stderr: 'stream',
    $PROGRAM_NAME: 'plain',
    '$!': 'exception',
    '$@': 'backtrace',
  },
  leaves: ['exit', 'exit!', 'abort', 'throw'],
  entryReads: ['fetch', 'dig', 'at'],
  iterating: { by: 'each', mixins: ['Enumerable'] },
  shared: ['thread'],
  asText: ['to_s'],
  valueClasses: ['String', 'Symbol', 'Array', 'Hash', 'Enumerable', 'Comparable', 'Kernel', 'Object', 'BasicObject'],
  inspects: ['inspect', 'pretty_inspect'],
  runsWithin: ['instance_eval', 'instance_exec', 'class_eval', 'class_exec', 'module_eval', 'module_exec'],
  wholes: {
    environment: { title: 'every variable of the environment', label: 'settings' },
    'chosen environment': { title: 'the secret variables of the environment', label: 'settings' },
    configuration: { title: 'the whole configuration', label: 'settings' },
  },
  revealing: [
    ...[
      'StandardError',
      'Exception',
      'NameError',
      'NoMethodError',
      'TypeError',
      'KeyError',
      'FrozenError',
      'IndexError',
    ],
    ...[
      'SystemCallError',
      'IOError',
      'EOFError',
      'SocketError',
      'Timeout::Error',
      'RegexpError',
      'ScriptError',
      'LoadError',
    ],
    ...[
      'Errno::',
      'OpenSSL::',
      'URI::InvalidURIError',
      'URI::Error',
      'Net::',
      'Faraday::',
      'HTTParty::',
      'RestClient::',
    ],
    ...['Excon::', 'HTTP::', 'Typhoeus::', 'PG::', 'Mysql2::', 'SQLite3::', 'Sequel::', 'Redis::', 'Bunny::', 'Aws::'],
    ...['ActiveRecord::StatementInvalid', 'ActiveRecord::ConnectionNotEstablished', 'Mongo::', 'Kafka::'],
  ],
  calls: [
    ...system,
    ...files,
    ...objects,
    ...signatures,
    ...configuration,
    {
      on: ['OpenStruct', 'Hashie::Mash'],
      names: ['new'],
      gives: ['argument itself'],
      typeBy: { configuration: 'configuration object', 'configuration entry': 'configuration object' },
    },
    { on: ['Struct', 'Data'], names: ['new', 'define'], makesRecord: true },
    { on: ['Hash'], names: ['new'], type: 'table', blockTakes: ['result'] },
    { on: ['Hash'], names: ['[]'], gives: ['arguments'] },
    // Made now, and raised or handed on later.
    { on: ownErrors, names: ['new', 'exception'], gives: ['arguments'] },
    ...environment,
    {
      on: ['exception'],
      names: ['message', 'to_s', 'to_str', 'inspect', 'detailed_message', 'original_message', 'to_json'],
      shows: ['message'],
    },
    { on: ['exception'], names: ['full_message'], shows: ['message', 'backtrace'] },
    { on: ['exception'], names: ['backtrace', 'backtrace_locations'], shows: ['backtrace'] },
    { on: ['exception'], names: ['cause', 'exception', 'itself'], gives: ['receiver'], type: 'exception' },
    { on: [''], names: ['caller', 'caller_locations'], type: 'plain' },
    {
      on: ['ObjectSpace'],
      names: ['each_object', 'dump_all', 'dump', 'reachable_objects_from_root'],
      gives: ['block'],
      source: {
        label: 'settings',
        named: 'whole',
        title: 'every object of the process',
        notOf: /^(?:Module|Class|Thread|Fiber|Proc|Method|UnboundMethod|IO|File|Mutex|Range|Integer|Float|Encoding)$/,
        says: 'is read',
      },
    },
    { on: ['*'], names: ['to_sym', 'intern'], gives: ['receiver'], makesName: true },
    {
      on: ['*'],
      names: [
        ...['to_s', 'to_str', 'dup', 'clone', 'freeze', 'itself', 'presence', 'strip'],
        ...['lstrip', 'rstrip', 'chomp', 'chop', 'chomp!', 'strip!', 'capitalize', 'swapcase'],
        ...['reverse', 'squeeze', 'succ', 'b', 'scrub', 'encode', 'force_encoding', 'unicode_normalize', 'chars'],
        ...['bytes', 'lines', 'split', 'unpack', 'unpack1', 'each_char', 'to_ary', 'to_hash'],
        ...['compact', 'flatten', 'pack', 'uniq', 'rotate', 'shuffle', 'min', 'deconstruct', 'deconstruct_keys'],
        ...['max', 'to_yaml', 'to_xml', 'as_json', 'html_safe', 'call'],
        ...['delete_prefix', 'delete_suffix', 'group_by', 'scan', 'rpartition', 'each_slice'],
        ...['each_cons', 'with_index', 'invert', 'pop', 'deq', 'cycle', 'to_csv', 'value', 'resume', 'result'],
        ...['symbolize_keys', 'stringify_keys', 'transform_keys', 'deep_symbolize_keys', 'unwrap', 'value!'],
        ...['center', 'ljust', 'rjust', 'lazy', 'each', 'each_with_index', 'each_pair'],
        ...['take', 'drop', 'string', 'read', 'rewind', 'body', 'to_enum', 'try!'],
      ],
      gives: ['receiver'],
    },
    {
      on: ['*'],
      names: ['inspect', 'dump', 'to_json', 'pretty_inspect', 'to_query', 'to_param', 'squish'],
      gives: ['receiver'],
      lineEnds: 'none',
    },
    {
      on: ['*'],
      names: ['sub', 'gsub', 'sub!', 'gsub!', 'tr', 'tr_s'],
      gives: ['receiver', 'arguments'],
      replaces: true,
    },
    { on: ['*'], names: ['first'], gives: ['receiver'], cuts: true, end: 'first' },
    { on: ['*'], names: ['last'], gives: ['receiver'], cuts: true, end: 'last' },
    { on: ['*'], names: ['byteslice', 'truncate'], gives: ['receiver'], cuts: true },
    { on: ['*'], names: ['upcase'], gives: ['receiver'], letters: 'large' },
    { on: ['*'], names: ['downcase'], gives: ['receiver'], letters: 'small' },
    { on: ['*'], names: ['+'], gives: ['receiver', 'arguments'], appends: true },
    { on: ['*'], names: ['join'], gives: ['receiver', 'arguments'], gathers: true },
    { on: ['*'], names: ['%'], gives: ['receiver', 'arguments'], fills: true },
    { on: ['*'], names: ['<<'], gives: ['receiver', 'arguments'], appends: true, mutates: true },
    {
      on: ['*'],
      names: ['insert', '*', 'zip', '|', '&'],
      gives: ['receiver', 'arguments'],
    },
    {
      on: ['*'],
      names: ['push', 'append', 'prepend', 'unshift', 'concat', 'replace', 'store', 'deep_merge!'],
      gives: ['receiver', 'arguments'],
      mutates: true,
    },
    { on: ['*'], names: ['merge'], gives: ['receiver', 'arguments'], overlays: 'a copy' },
    {
      on: ['*'],
      names: ['merge!', 'update'],
      gives: ['receiver', 'arguments'],
      mutates: true,
      overlays: 'the receiver',
    },
    { on: ['*'], names: ['deep_merge', 'reverse_merge'], gives: ['receiver', 'arguments'] },
    { on: ['*'], names: ['except'], gives: ['receiver'], picks: 'others' },
    { on: ['*'], names: ['slice'], gives: ['receiver'], cuts: true, picks: 'named' },
    { on: ['*'], names: ['delete'], gives: ['receiver'], picks: 'taken out' },
    { on: ['*'], names: ['map', 'collect', 'filter_map'], gives: ['block'], collects: true },
    { on: ['*'], names: ['flat_map', 'sum', 'to_proc', 'synchronize', 'instance_exec'], gives: ['block'] },
    { on: ['*'], names: ['find', 'detect'], gives: ['receiver'], filters: 'kept', pairs: 'one' },
    { on: ['*'], names: ['min_by', 'max_by', 'sample', 'shift'], gives: ['receiver'], pairs: 'one' },
    { on: ['*'], names: ['sort_by', 'sort', 'to_a', 'entries'], gives: ['receiver'], pairs: 'all' },
    { on: ['*'], names: ['partition'], gives: ['receiver'], filters: 'parted' },
    { on: ['*'], names: ['values_at', 'fetch_values'], gives: ['receiver'], picks: 'values' },
    { on: ['*'], names: ['any?'], asks: 'any' },
    { on: ['*'], names: ['all?'], asks: 'all' },
    { on: ['*'], names: ['none?'], asks: 'none' },
    {
      on: ['Queue', 'SizedQueue', 'Thread::Queue', 'Thread::SizedQueue', 'Concurrent::Array', 'Set', 'SortedSet'],
      names: ['new'],
      type: 'list',
      gives: ['arguments'],
    },
    {
      on: ['Thread', 'Fiber', 'Ractor', 'Enumerator', 'Concurrent::Future', 'Concurrent::Promise', 'Concurrent::Delay'],
      names: ['new', 'start', 'fork', 'execute'],
      gives: ['block'],
      blockTakes: ['argument'],
    },
    { on: ['*'], names: ['values'], gives: ['receiver'], values: true },
    { on: ['*'], names: ['select', 'filter', 'keep_if', 'find_all'], gives: ['receiver'], filters: 'kept' },
    { on: ['*'], names: ['reject', 'delete_if'], gives: ['receiver'], filters: 'dropped' },
    { on: ['*'], names: ['to_h'], gives: ['receiver', 'block'], blockInstead: true },
    { on: ['*'], names: ['transform_values', 'each_value'], gives: ['block'], blockTakes: ['entry'] },
    { on: ['*'], names: ['tap'], gives: ['receiver'], blockTakes: ['receiver'] },
    { on: ['*'], names: ['then', 'yield_self'], gives: ['block'], blockTakes: ['receiver'] },
    {
      on: ['*'],
      names: ['instance_eval', 'class_eval', 'module_eval'],
      gives: ['block'],
      blockTakes: ['receiver'],
      sink: { kind: 'code', takes: { positions: [0] }, says: 'run as code' },
    },
    {
      on: ['*'],
      names: ['each_with_object'],
      gives: ['argument itself', 'block'],
      blockTakes: ['item', 'argument'],
    },
    { on: ['*'], names: ['inject', 'reduce'], gives: ['block'], blockTakes: ['argument', 'item'] },
    {
      on: [''],
      names: ['String', 'Array', 'Hash', 'Pathname', 'h', 'raw', 'html_escape'],
      gives: ['arguments'],
    },
    { on: ['', 'Kernel'], names: ['format', 'sprintf'], gives: ['arguments'], fills: true },
    {
      on: ['', 'Kernel'],
      names: ['puts', 'print', 'printf', 'putc', 'warn', 'abort', 'display'],
      sink: { kind: 'log', takes: 'all', says: 'written to the process’s output, which is a log' },
    },
    {
      on: ['', 'Kernel'],
      names: ['p', 'pp'],
      gives: ['arguments'],
      sink: {
        kind: 'log',
        takes: 'all',
        says: 'written to the process’s output, which is a log',
        quotes: true,
        inspects: true,
      },
    },
    {
      on: ['stream'],
      names: streams,
      sink: { kind: 'log', takes: 'all', says: 'written to the process’s output, which is a log' },
    },
    { on: ['stream'], names: ['sync=', 'flush', 'fsync', 'reopen', 'tty?'] },
    {
      on: ['JSON', 'Oj', 'MultiJson', 'YAML', 'Psych', 'Marshal'],
      names: ['generate', 'dump', 'pretty_generate', 'fast_generate', 'encode'],
      gives: ['arguments'],
      lineEnds: 'none',
      sink: [
        {
          kind: 'file',
          takes: { positions: [0] },
          says: 'written to a file',
          whereType: { position: 1, type: 'file' },
        },
        {
          kind: 'log',
          takes: { positions: [0] },
          says: 'written to the process’s output, which is a log',
          whereType: { position: 1, type: 'stream' },
          quotes: true,
        },
      ],
    },
    { on: ['Base64'], names: ['decode64', 'strict_decode64', 'urlsafe_decode64'], gives: ['arguments'] },
    {
      on: ['CGI', 'URI', 'Rack::Utils', 'URI::DEFAULT_PARSER', 'ERB::Util'],
      names: [
        ...['unescape', 'unescapeHTML', 'decode_www_form_component', 'decode_uri_component', 'unescape_path'],
        ...['parse_query', 'parse_nested_query', 'decode_www_form', 'parse'],
      ],
      gives: ['inputs'],
    },
    { on: ['Shellwords'], names: ['escape', 'shellescape', 'join', 'shelljoin'], gives: ['arguments'], escapes: true },
    { on: ['*'], names: ['shellescape', 'shelljoin'], gives: ['receiver'], escapes: true },
    { on: ['Base64'], names: ['encode64', 'strict_encode64', 'urlsafe_encode64'], gives: ['arguments'], escapes: true },
    {
      on: ['CGI', 'ERB::Util', 'Rack::Utils', 'Addressable::URI', 'URI', 'URI::DEFAULT_PARSER'],
      names: [
        'escape',
        'url_encode',
        'escape_html',
        'html_escape',
        'h',
        'escapeHTML',
        'escape_path',
        'encode_component',
        'encode_www_form',
        'encode_www_form_component',
        'encode_uri_component',
        'build_query',
        'build_nested_query',
        'escapeURIComponent',
      ],
      gives: ['arguments'],
      escapes: true,
    },
    { on: ['*'], names: ['class'], ofClass: true },
    { on: ['Singleton'], names: ['instance'], onlyOne: true },
    { on: ['Thread', 'Fiber'], names: ['current', 'main'], type: 'thread' },
    { on: ['RequestStore'], names: ['store'], type: 'thread' },
    { on: ['StringIO'], names: ['new'], gives: ['arguments'] },
    {
      on: ['*'],
      names: [
        'to_i',
        'to_f',
        'to_r',
        'hex',
        'oct',
        'ord',
        'length',
        'size',
        'bytesize',
        'count',
        'hash',
        'sum',
        'crypt',
        'object_id',
        'unpack_to_i',
      ],
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/',
}
