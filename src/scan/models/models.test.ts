import { describe, expect, it } from 'vitest'
import { scan } from '../scan.ts'

const key = "ENV['LEDGER_API_KEY']"

/** What is found in a program that is one Ruby file, but for what the way of reading a key adds. */
async function rulesOf(text: string): Promise<string[]> {
  const { findings, gaps } = await scan([{ path: 'app.rb', text }])
  expect(gaps).toEqual([])
  return [...new Set(findings.map(({ rule }) => rule))].filter((rule) => rule !== 'key-constant').sort()
}

/** By model: code that lets a key out, each with `KEY` in its place. */
const leaking: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'key-in-log': {
    logger: [
      'require \'logger\'\nLogger.new($stderr).info("key #{KEY}")',
      'logger = Logger.new(\'app.log\')\nlogger.debug { "key #{KEY}" }',
      'logger = Logger.new($stdout)\nlogger.add(Logger::INFO, KEY)',
      'logger = Logger.new($stdout)\nlogger << KEY',
      'logger = Logger.new($stdout)\nlogger.progname = KEY',
      'logger = Logger.new($stdout)\nlogger.formatter = proc { |severity, _time, _name, text| "#{severity} #{KEY} #{text}\\n" }',
      'Rails.logger.warn("failed with #{KEY}")',
      'Rails.logger.tagged(KEY) { Rails.logger.info("go") }',
      'logger = ActiveSupport::TaggedLogging.new(Logger.new($stdout))\nlogger.tagged("x") { |tagged| tagged.error(KEY) }',
      'class Job\n  def run(log) = log.fatal("stopped: #{KEY}")\nend',
    ],
    'semantic-logger': [
      "class Sync\n  include SemanticLogger::Loggable\n  def run\n    logger.info('start', token: KEY)\n  end\nend",
      "logger = SemanticLogger['Sync']\nlogger.measure_info('calling ' + KEY) { 1 }",
      'SemanticLogger.tagged(token: KEY) { work }',
    ],
    ougai: ["logger = Ougai::Logger.new($stdout)\nlogger.info('start', { token: KEY })"],
    lograge: [
      'Rails.application.configure do\n  config.lograge.custom_options = ->(event) { { token: KEY } }\nend',
      'Rails.application.configure do\n  config.lograge.custom_payload { |controller| { token: KEY } }\nend',
    ],
    logging: ["log = Logging.logger['app']\nlog.info KEY", "Logging.mdc['token'] = KEY"],
    thor: [
      'class Tool < Thor\n  def show\n    say "key #{KEY}", :green\n  end\nend',
      'class Tool < Thor\n  no_commands do\n    def fail = error(KEY)\n  end\n  def go = fail\nend',
    ],
    yell: ['logger = Yell.new($stdout)\nlogger.info(KEY)'],
    cabin: [
      "channel = Cabin::Channel.get\nchannel.info('start', token: KEY)",
      'channel = Cabin::Channel.get\nchannel[:token] = KEY',
    ],
    'console-logger': ["Console.info(self, 'start', token: KEY)", 'Console.logger.warn(self, KEY)'],
    syslog: [
      "require 'syslog'\nSyslog.open('app') { |log| log.warning(KEY) }",
      "Syslog.log(Syslog::LOG_INFO, 'key %s', KEY)",
      "sender = RemoteSyslogSender.new('logs.example.com', 514)\nsender.transmit(KEY)",
    ],
    journald: ["logger = Journald::Logger.new('app')\nlogger.send_message(message: KEY)"],
    fluentd: [
      "Fluent::Logger.post('app.start', { token: KEY })",
      "log = Fluent::Logger::FluentLogger.new('app')\nlog.post('start', token: KEY)",
    ],
    logstash: ['logger = LogStashLogger.new(type: :udp)\nlogger.info(token: KEY)'],
    ruby: [
      'puts KEY',
      'p(token: KEY)',
      '$stderr.puts KEY',
      'STDERR.printf("%s", KEY)',
      'warn "bad #{KEY}"',
      'pp KEY',
      'abort "no: #{KEY}"',
      'Kernel.warn KEY',
      '$stdout << KEY',
    ],
    rack: ["class Middle\n  def call(env)\n    env['rack.errors'].puts(KEY)\n    @app.call(env)\n  end\nend"],
  },
  'key-in-telemetry': {
    sentry: [
      'Sentry.capture_message("failed with #{KEY}")',
      "Sentry.with_scope do |scope|\n  scope.set_extras(token: KEY)\n  Sentry.capture_message('failed')\nend",
      'Sentry.configure_scope { |scope| scope.set_tags(token: KEY) }',
      "Sentry.add_breadcrumb(Sentry::Breadcrumb.new(message: 'call', data: { token: KEY }))",
      'Raven.extra_context(token: KEY)',
      'Raven.capture_exception(StandardError.new("no"), extra: { token: KEY })',
      "transaction = Sentry.start_transaction(name: 'pay')\ntransaction.set_data(:token, KEY)",
      'begin\n  raise "refused #{KEY}"\nrescue StandardError => e\n  Sentry.capture_exception(e)\nend',
    ],
    honeybadger: [
      'Honeybadger.notify("failed", context: { token: KEY })',
      "Honeybadger.add_breadcrumb('call', metadata: { token: KEY })",
    ],
    bugsnag: [
      'Bugsnag.notify(StandardError.new("no")) { |report| report.add_tab(:call, { token: KEY }) }',
      "Bugsnag.leave_breadcrumb('call', { token: KEY })",
    ],
    rollbar: ["Rollbar.error('failed', token: KEY)", 'Rollbar.scope!(token: KEY)'],
    airbrake: [
      "Airbrake.notify('failed', token: KEY)",
      'Airbrake.notify("no") { |notice| notice[:params][:token] = KEY }',
    ],
    'new-relic': ['NewRelic::Agent.add_custom_attributes(token: KEY)', 'NewRelic::Agent.notice_error("failed #{KEY}")'],
    datadog: [
      "Datadog::Tracing.trace('pay') { |span| span.set_tag('token', KEY) }",
      "Datadog::Tracing.active_span&.set_tag('token', KEY)",
    ],
    appsignal: ['Appsignal.add_tags(token: KEY)', 'Appsignal.set_custom_data(call: { token: KEY })'],
    'scout-apm': ['ScoutApm::Context.add(token: KEY)'],
    'elastic-apm': ['ElasticAPM.set_label(:token, KEY)', 'ElasticAPM.with_span("call #{KEY}") { 1 }'],
    opentelemetry: [
      "tracer = OpenTelemetry.tracer_provider.tracer('app')\ntracer.in_span('call', attributes: { 'token' => KEY }) { 1 }",
      "OpenTelemetry::Trace.current_span.add_event('call', attributes: { 'token' => KEY })",
    ],
    skylight: ['Skylight.instrument(title: "call #{KEY}") { 1 }'],
    statsd: [
      "StatsD.increment('calls', tags: { key: KEY })",
      'statsd = Statsd.new(\'127.0.0.1\')\nstatsd.gauge("calls.#{KEY}", 1)',
    ],
    prometheus: [
      "calls = Prometheus::Client::Counter.new(:calls, docstring: 'calls', labels: [:key])\ncalls.increment(labels: { key: KEY })",
      "registry = Prometheus::Client.registry\nregistry.gauge(:up, docstring: 'up').set(1, labels: { key: KEY })",
    ],
    yabeda: ['Yabeda.app.calls.increment({ key: KEY })'],
    influxdb: [
      'client = InfluxDB2::Client.new(\'http://127.0.0.1\', KEY_OF_INFLUX)\nclient.create_write_api.write(data: "calls,key=#{KEY} value=1")',
    ],
    'active-support': ["ActiveSupport::Notifications.instrument('call.app', token: KEY) { 1 }"],
  },
  'key-in-cache': {
    'active-support': [
      "cache = ActiveSupport::Cache::MemoryStore.new\ncache.write('k', KEY)",
      "Rails.cache.write_multi('k' => KEY)",
    ],
    dalli: ["Dalli::Client.new.set('k', KEY)"],
    redis: [
      "redis = Redis.new\nredis.hset('k', 'token', KEY)",
      "pool = ConnectionPool.new { Redis.new }\npool.with { |redis| redis.set('k', KEY) }",
      "$redis.pipelined { |pipe| pipe.set('k', KEY) }",
    ],
    moneta: ["store = Moneta.new(:File, dir: 'cache')\nstore['k'] = KEY"],
  },
  'key-in-file': {
    pstore: [
      "store = PStore.new('state')\nstore.transaction { store[:k] = KEY }",
      "store = YAML::Store.new('state')\nstore.transaction { |s| s[:k] = KEY }",
    ],
    csv: [
      "CSV.open('a.csv', 'w') { |csv| csv << [KEY] }",
      "Zip::File.open('a.zip', create: true) { |zip| zip.get_output_stream('k') { |f| f.write KEY } }",
    ],
    ruby: [
      "File.write('k', KEY)",
      "File.open('k', 'w') { |f| f.puts KEY }",
      "f = File.new('k', 'a')\nf << KEY",
      "IO.write('k', KEY)",
      "Pathname('k').write(KEY)",
      "File.binwrite('k', Marshal.dump(token: KEY))",
      "require 'tempfile'\nfile = Tempfile.new('k')\nfile.write(KEY)",
    ],
  },
  'key-in-database': {
    'active-record': [
      'class Row < ActiveRecord::Base; end\nRow.create(token: KEY)',
      'def keep(row) = row.update_column(:token, KEY)',
    ],
    sequel: ['DB = Sequel.sqlite\nDB[:rows].where(id: 1).update(token: KEY)'],
    'sql-clients': ["client = Mysql2::Client.new(host: 'db')\nclient.query(\"INSERT INTO rows VALUES ('#{KEY}')\")"],
    mongo: ["client = Mongo::Client.new(['127.0.0.1'])\nclient[:rows].insert_one(token: KEY)"],
  },
  'key-in-queue': {
    sidekiq: ["Sidekiq::Client.push('class' => 'Sync', 'args' => [KEY])", 'SyncJob.perform_in(60, KEY)'],
    'active-job': ['SyncJob.perform_later(KEY)'],
    resque: ['Resque.enqueue(Sync, KEY)'],
    'delayed-job': ['Sync.new.delay.run(KEY)'],
    bunny: ["channel = Bunny.new.start.create_channel\nchannel.queue('q').publish(KEY)"],
    kafka: [
      "kafka = Kafka.new(['broker:9092'])\nkafka.deliver_message(KEY, topic: 't')",
      "kafka = Kafka.new(['broker:9092'])\nproducer = kafka.producer\nproducer.produce(KEY, topic: 't')",
    ],
    'aws-queues': ["Aws::SNS::Client.new.publish(topic_arn: 'arn', message: KEY)"],
    redis: ["redis = Redis.new\nredis.lpush('q', { token: KEY }.to_json)"],
  },
  'key-in-message': {
    'twilio-ruby': ["Twilio::REST::Client.new('AC1', 'x').messages.create(from: '+1', to: '+2', body: \"key #{KEY}\")"],
    octokit: ["Octokit::Client.new.create_issue('a/b', 'deploy', \"key #{KEY}\")"],
    mail: [
      'mail = Mail.new\nmail.body = KEY\nmail.deliver',
      "Mail.new do\n  subject 'new'\n  body KEY\nend.deliver",
      "Net::SMTP.start('localhost') { |smtp| smtp.send_message(KEY, 'a@example.com', 'b@example.com') }",
    ],
    pony: ["Pony.mail(to: 'a@example.com', body: KEY)"],
    'slack-notifier': ["client = Slack::Web::Client.new\nclient.chat_postMessage(channel: '#ops', text: KEY)"],
  },
  'key-in-command': {
    ruby: [
      'system("deploy #{KEY}")',
      '`deploy #{KEY}`',
      '%x(deploy #{KEY})',
      "exec('deploy', KEY)",
      "spawn('deploy', '--key=' + KEY)",
      "IO.popen(['deploy', KEY])",
      "Open3.popen3('deploy', KEY) { |i, o, e, t| t.value }",
      "Process.spawn('deploy', KEY)",
    ],
    rake: ["sh 'deploy', KEY", "ruby '-e', KEY"],
    'command-gems': [
      "TTY::Command.new.run('deploy', KEY)",
      "POSIX::Spawn::Child.new('deploy', KEY)",
      'Terrapin::CommandLine.new("deploy #{KEY}").run',
    ],
    'net-ssh': ["Net::SSH.start('host', 'me') { |ssh| ssh.exec!(\"deploy #{KEY}\") }"],
  },
}

/** By model: code that reads a secret from somewhere else, and puts it out. */
const reading: Readonly<Record<string, readonly string[]>> = {
  vault: [
    "puts Vault.logical.read('secret/ledger').data[:api_key]",
    "secret = Vault.kv('secret').read('ledger')\nputs secret.data.fetch(:value)",
    "client = Vault::Client.new(address: 'https://vault.example.com')\ndata = client.logical.read('secret/data/ledger').data[:data]\nputs data[:stripe]",
    "Vault.with_retries(Vault::HTTPConnectionError) { puts Vault.logical.read('s/l').data[:token] }",
    "puts Vault.logical.read('secret/ledger').data.to_json",
  ],
  'aws-secrets': [
    "client = Aws::SecretsManager::Client.new\nputs client.get_secret_value(secret_id: 'ledger').secret_string",
    "client = Aws::SecretsManager::Client.new\nsecret = JSON.parse(client.get_secret_value(secret_id: 'ledger').secret_string)\nputs secret['api_key']",
    "puts Aws::SSM::Client.new.get_parameter(name: '/ledger/key', with_decryption: true).parameter.value",
  ],
  'gcp-secrets': [
    "client = Google::Cloud::SecretManager.secret_manager_service\nputs client.access_secret_version(name: 'n').payload.data",
  ],
  conjur: ["api = Conjur::API.new_from_key('me', 'k')\nputs api.resource('prod:variable:ledger').value"],
  'settings-gems': [
    'puts Settings.ledger.api_key',
    'puts Figaro.env.ledger_api_key!',
    'puts Settings.ledger[:api_key]',
  ],
  dotenv: ["environment = Dotenv.parse('.env')\nputs environment['LEDGER_API_KEY']"],
  'key-value-stores': ["puts Diplomat::Kv.get('ledger/api_key')"],
  keyring: ["puts Keyring.new.get_password('ledger', 'me')", "puts Netrc.read['ledger.example.com'].password"],
  'option-parser': [
    "options = {}\nOptionParser.new do |opts|\n  opts.on('--api-key KEY', 'the key') { |value| options[:key] = value }\nend.parse!\nputs options[:key]",
  ],
  ruby: [
    "puts ENV.fetch('LEDGER_API_KEY')",
    "puts ENV['LEDGER_API_KEY'] || 'none'",
    "puts ENV.fetch('LEDGER_API_KEY') { 'none' }",
    "user, key = ENV.values_at('LEDGER_USER', 'LEDGER_API_KEY')\nputs key",
    "puts ENV.slice('LEDGER_API_KEY')",
    'puts ENV.to_h',
    'ENV.each { |name, value| puts "#{name}=#{value}" }',
    "puts File.read('/run/secrets/ledger_key')",
    "puts YAML.load_file('config/secrets.yml')['api_key']",
    "puts YAML.load(ERB.new(File.read('config/secrets.yml')).result)['api_key']",
    "puts JSON.parse(File.read('config/credentials.json'))['token']",
  ],
}

/** Code that uses the same libraries well. */
const clean: readonly string[] = [
  'logger = Logger.new($stdout)\nlogger.info("key of #{KEY.length} characters")',
  "logger = Logger.new($stdout, progname: 'app')\nlogger.tagged('sync') { call(KEY) }",
  'Sentry.init { |config| config.dsn = ENV["SENTRY_DSN"] }\nSentry.capture_message("failed")',
  "Sentry.with_scope do |scope|\n  scope.set_extras(configured: !KEY.nil?)\n  Sentry.capture_message('failed')\nend",
  "NewRelic::Agent.add_custom_attributes(upstream: 'ledger')",
  "Rails.cache.fetch('rates') { Rates.fetch(KEY).size }",
  "Redis.new(password: KEY).set('cursor', 12)",
  "client = Mongo::Client.new(['db'], password: KEY)\nclient[:rows].insert_one(name: 'ledger')",
  "system({ 'KEY' => KEY }, 'deploy')",
  "Open3.capture2('deploy', stdin_data: KEY)",
  "IO.popen('deploy', 'w') { |io| io.write KEY }",
  "sh({ 'DEPLOY_KEY' => KEY }, 'deploy', verbose: false)",
  "TTY::Command.new.run('deploy', env: { KEY: KEY })",
  "Mail.defaults { delivery_method :smtp, { password: KEY } }\nMail.deliver { body 'done' }",
  "Vault.token = KEY\nputs Vault.logical.read('secret/ledger').data[:username]",
  "secret = JSON.parse(Aws::SecretsManager::Client.new.get_secret_value(secret_id: 'x').secret_string)\nputs secret['host']",
  'puts Settings.ledger.url',
  "class Settings\n  def self.api_key = 'none'\nend\nputs Settings.api_key",
  "OptionParser.new { |opts| opts.on('--region NAME') { |value| puts value } }.parse!",
  "puts File.read('README.md')",
]

const cases = Object.entries(leaking).flatMap(([rule, byModel]) =>
  Object.entries(byModel).flatMap(([model, texts]) => texts.map((text) => [model, rule, text] as const)),
)

const filled = (text: string) => text.replaceAll(/\bKEY\b(?!:|')/g, key)

describe('what leaves through a library', () => {
  it.each(cases)('%s: %s in %j', async (_model, rule, text) => {
    expect(await rulesOf(filled(text))).toEqual([rule])
  })
})

describe('what is read through a library', () => {
  const sources = Object.entries(reading).flatMap(([model, texts]) => texts.map((text) => [model, text] as const))
  it.each(sources)('%s: %j', async (_model, text) => {
    expect(await rulesOf(text)).toEqual(['key-in-log'])
  })
})

describe('a library that is used well', () => {
  it.each(clean.map((text) => [text]))('%j', async (text) => {
    expect(await rulesOf(filled(text))).toEqual([])
  })
})
