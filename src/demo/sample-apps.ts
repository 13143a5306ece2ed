/** A service that the demo takes through the product. */
export interface SampleApp {
  readonly id: 'sinatra' | 'node'
  readonly title: string
  /** Its folder below examples/. */
  readonly folder: string
  /** Succeeds where its language and framework are installed. */
  readonly needs: readonly string[]
  readonly command: readonly string[]
  readonly tests: readonly string[]
  /** What its tests print once all have passed; the first group is how many. */
  readonly testsPassed: RegExp
  /** A request whose error message quotes the URL that the app calls, and the key with it. */
  readonly leakPath: string
  /** Routes on which errors are provoked, besides the leak and a call that works. */
  readonly routes: readonly string[]
  /** Rules that must report: each for something that the running service then does. Empty: `scan` cannot read it yet. */
  readonly predicted: readonly string[]
}

const sinatra: SampleApp = {
  id: 'sinatra',
  title: 'Sinatra on Puma',
  folder: 'billing',
  needs: ['ruby', '-e', 'require "sinatra/base"; require "puma"'],
  command: ['ruby', 'app.rb'],
  tests: ['ruby', 'test/app_test.rb'],
  testsPassed: /^(\d+) runs, \d+ assertions, 0 failures, 0 errors, 0 skips/m,
  // Not ASCII: Ruby's URI refuses it, with the whole URL in the message.
  leakPath: '/search?q=%C3%A9',
  routes: ['/charges/none', '/reports/x'],
  predicted: ['key-in-log', 'key-in-exception', 'error-detail-in-response', 'mutual-tls-setting-ignored'],
}

const node: SampleApp = {
  id: 'node',
  title: 'node:http',
  folder: 'billing-node',
  needs: ['node', '--version'],
  command: ['node', 'app.mjs'],
  tests: ['node', '--test', '--test-reporter=tap'],
  testsPassed: /^# pass (\d+)\n# fail 0\n/m,
  // The ledger answers 400 to an empty search, and the message quotes the URL.
  leakPath: '/search?q=',
  routes: ['/charges/none'],
  predicted: [],
}

export const sampleApps = { sinatra, node } as const satisfies Record<SampleApp['id'], SampleApp>
