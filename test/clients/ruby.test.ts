import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gitlabAccessToken } from '../../src/keys/kinds/gitlab-access-token.ts'
import { temporaryFolder } from '../support/sallyport.ts'
import { ledgerKey } from './ledger-key.ts'
import { type ClientDoor, type DoorKey, githubToken, openDoor } from './open-door.ts'
import { proveClient, runProgram, without } from './prove-client.ts'
import { rubyClients } from './ruby-clients.ts'
import { rubyTraffic } from './ruby-traffic.ts'
import { Traffic } from './traffic.ts'

const gitlabToken: DoorKey = {
  variable: 'GITLAB_TOKEN',
  host: 'gitlab.test',
  yaml: 'kind: gitlab-access-token, hosts: [gitlab.test]',
  example: gitlabAccessToken.example,
}

const { clients } = rubyClients
const folder = temporaryFolder()
let door: ClientDoor
beforeAll(async () => {
  door = await openDoor([ledgerKey, gitlabToken, githubToken])
})
afterAll(() => door?.stop())

function program(name: string, source: string): string {
  const file = join(folder, name)
  writeFileSync(file, source)
  return file
}

describe('Ruby', () => {
  it.each(clients)('$title: $means', async (client) => {
    const command = ['ruby', program(`${client.id}.rb`, client.source)]
    await proveClient(door, client, { preload: ['RUBYOPT'], baseUrls: ['LEDGER_URL'], command, directory: folder })
  })

  it('the versions of the table are those that ran', () => {
    const named = clients.flatMap((client) => client.package ?? [])
    const script = 'ARGV.each { |name| puts Gem::Specification.find_by_name(name).version }'
    const versions = execFileSync('ruby', ['-e', script, ...named.map(({ name }) => name)], { encoding: 'utf8' })
    expect(versions.trim().split('\n')).toEqual(named.map(({ version }) => version))
  })
})

describe.each(rubyTraffic)('$title through the door', (programs) => {
  let own: ClientDoor
  const traffic = new Traffic((field) => field === `Bearer ${own.secrets.LEDGER_KEY}`)
  beforeAll(async () => {
    own = await openDoor([ledgerKey], { respond: traffic.respond })
  })
  afterAll(() => own?.stop())

  it.each(['download', 'upload', 'events'] as const)('%s', async (kind) => {
    await traffic.prove(kind, ['ruby', program(`${kind}-${programs.title}.rb`, programs[kind])], own)
  })
})

describe('the preload of Ruby', () => {
  let count = 0
  const run = (source: string, environment = door.environment) =>
    runProgram(['ruby', '-w', program(`preload-${count++}.rb`, source)], folder, environment)
  const bare = () => without(door.environment, ['RUBYOPT'])

  it('loads no library that the app would then find loaded', async () => {
    const source = 'puts $LOADED_FEATURES.grep_v(%r{/ruby/preload.rb$})'
    expect(await run(source)).toEqual(await run(source, bare()))
  })

  it('asks no name server where a key is for the host, which could answer with this machine', async () => {
    const source = `
require 'uri'
require 'socket'
class << IPSocket
  undef getaddress
  def getaddress(host) = '127.0.0.1'
end
puts %w[https://ledger.test https://LEDGER.test/x http://ledger.test https://ledger.test:444 https://other.test]
  .map { |url| URI(url).find_proxy.to_s }
`
    const { forward } = door.running.ready.egress ?? {}
    expect(await run(source)).toEqual({ code: 0, output: `${forward}\n${forward}\n\n\n\n` })
    expect(await run(source, bare())).toEqual({ code: 0, output: '\n\n\n\n\n' })
  })

  it('leaves what no_proxy names alone', async () => {
    const source = `require 'uri'; p URI('https://ledger.test').find_proxy`
    expect(await run(source, { ...door.environment, no_proxy: '.test' })).toEqual({ code: 0, output: 'nil\n' })
    expect(await run(source, { ...door.environment, no_proxy: 'edger.test' })).toMatchObject({
      output: expect.stringContaining('URI::HTTP'),
    })
  })

  it('leaves calls to other hosts as they were', async () => {
    const source = `
require 'http'
require 'net/http'
begin
  HTTP.get('https://other.test')
rescue HTTP::ConnectionError => error
  puts error.message
end
http = Net::HTTP.new('other.test', 443, nil)
http.use_ssl = true
begin
  http.get('/')
rescue SocketError => error
  puts error.message
end
`
    const ended = await run(source)
    expect(ended.output.match(/getaddrinfo: Name or service not known/g)).toHaveLength(2)
    expect(ended).toEqual(await run(source, bare()))
  })

  it('raises nothing where the names that it knows stand for something else', async () => {
    const source = `
module URI; Generic = 1; end
module Ethon; class Easy; end; end
module HTTP; class Request; def initialize(*); end; end; end
module Curl; autoload :Multi, '/nowhere'; end
require 'set'
require 'digest'
HTTP::Request.new(uri: 1)
p Ethon::Easy.new.respond_to?(:reset)
`
    expect(await run(source)).toEqual({ code: 0, output: 'false\n' })
  })

  it('keeps what require returns and raises', async () => {
    const source = `
p require('digest'), require('digest'), Kernel.require('tsort'), Kernel.require('tsort')
begin
  require 'no/such/library'
rescue LoadError => error
  p error.path
end
`
    expect(await run(source)).toEqual({ code: 0, output: 'true\nfalse\ntrue\nfalse\n"no/such/library"\n' })
  })

  it('is no caller: Sinatra takes the program for its app, and starts it', async () => {
    const source = `
require 'sinatra'
p Sinatra::Application.app_file == __FILE__, Sinatra::Application.run?
set :run, false
`
    expect(await run(source)).toEqual({ code: 0, output: 'true\ntrue\n' })
  })

  it('serves an app whose libraries Bundler loads', async () => {
    writeFileSync(join(folder, 'Gemfile'), "gem 'http'\n")
    const source = clients.find(({ id }) => id === 'http')?.source ?? ''
    const bundled = `require 'bundler/setup'\nBundler.require\n${source.replace("require 'http'", '')}`
    const before = door.upstream.seen.length
    const ended = await runProgram(
      ['ruby', program('bundled.rb', bundled)],
      folder,
      without(door.environment, ['LEDGER_URL']),
    )
    expect([ended, door.upstream.seen.length - before]).toEqual([{ code: 0, output: '' }, 1])
  })

  it('adds the run’s own root alone to roots that the app brings along', async () => {
    const bundle = door.environment.SSL_CERT_FILE ?? ''
    expect(readFileSync(bundle, 'utf8')).toContain('BEGIN CERTIFICATE')
    const source = `
require 'net/http'
require 'openssl'
store = OpenSSL::X509::Store.new
http = Net::HTTP.new('ledger.test', 443, nil)
http.use_ssl = true
http.cert_store = store
http.start { }
roots = File.read('${bundle}').scan(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/m).map { |text| OpenSSL::X509::Certificate.new(text) }
p roots.count { |root| store.verify(root) }
`
    expect(await run(source)).toEqual({ code: 0, output: '1\n' })
  })
})
