import { withNamesFor } from '../flow/without-labels.ts'
import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInTelemetry: Rule = {
  id: 'key-in-telemetry',
  about: 'program',
  title: 'API key is sent to an error tracker, a trace or a metric',
  severity: 'high',
  cwe: 201,
  explanation: `A key is part of what is sent to an error tracker (Sentry, Honeybadger, Bugsnag, Rollbar, Airbrake), to a monitoring
service (New Relic, Datadog, AppSignal, OpenTelemetry), or of a metric's labels.

It leaves the company with every event, is kept for months, is shown on dashboards, and is mailed and posted by alerts.
The filters of these services look at the *names* of fields (\`password\`, \`token\`): a key in a text, or under another
name, passes them. The labels of metrics are answered to whoever may read \`/metrics\`.

**Fix.** Send what tells events apart (the upstream's name, the status, a request's id) and never the key, the fields of a
request or a whole configuration. Tell keys apart by a name of yours.`,
  examples: {
    bad: [
      "require 'sentry-ruby'\nrequire 'net/http'\ndef sync\n  Net::HTTP.get(URI('https://ledger.example.com/entries'))\nrescue StandardError\n  Sentry.capture_message('sync failed', extra: { token: ENV['LEDGER_API_KEY'] })\nend",
      "require 'sinatra/base'\nclass Billing < Sinatra::Base\n  before do\n    Sentry.set_extras(headers: upstream_headers)\n  end\n  helpers do\n    def upstream_headers = { 'Authorization' => \"Bearer #{ENV.fetch('BILLING_TOKEN')}\" }\n  end\nend",
      "class Importer\n  def initialize(key: ENV.fetch('IMPORT_API_KEY'))\n    @key = key\n  end\n\n  def run\n    Honeybadger.context(importer: { key: @key })\n  end\nend",
      "def traced(tracer)\n  tracer.in_span('pay', attributes: { 'http.url' => 'https://pay.example.com' }) do |span|\n    span.set_attribute('pay.authorization', \"Bearer #{ENV['PAY_TOKEN']}\")\n  end\nend",
      "STATSD = Datadog::Statsd.new('127.0.0.1', 8125)\nSTATSD.increment('calls', tags: [\"key:#{ENV['SEARCH_API_KEY']}\"])",
    ],
    good: [
      "require 'sentry-ruby'\nSentry.capture_message('sync failed', extra: { upstream: 'ledger', configured: !ENV['LEDGER_API_KEY'].nil? })",
      "require 'sentry-ruby'\nSentry.init do |config|\n  config.dsn = ENV['SENTRY_DSN']\n  config.send_default_pii = false\nend",
      "Honeybadger.configure do |config|\n  config.api_key = ENV['HONEYBADGER_API_KEY']\nend\nHoneybadger.context(importer: 'nightly')",
      "require 'digest'\nSTATSD = Datadog::Statsd.new('127.0.0.1', 8125)\nSTATSD.increment('calls', tags: [\"key:#{Digest::SHA256.hexdigest(ENV['SEARCH_API_KEY'])[0, 8]}\"])",
    ],
  },
  *check({ flows }) {
    yield* keyLeaks(flows, 'telemetry', {
      verb: 'sends',
      where: 'to an error tracker, a trace or a metric',
      fix: (names) => `Leave ${names} out of what is sent; send a name for the key or for the upstream.`,
      correct: withNamesFor,
    })
  },
}
