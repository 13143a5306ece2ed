import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { scanPaths } from './scan-paths.ts'

const usual = { ...limits }
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-bounds-'))
})
afterEach(() => {
  Object.assign(limits, usual)
  rmSync(folder, { recursive: true })
})

type Bound = keyof typeof limits

interface Case {
  readonly lowered: Partial<Record<Bound, number>>
  readonly files: Readonly<Record<string, string>>
  readonly told: RegExp
}

const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

const leaky = "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }\n"
const nginx = 'http {\n server {\n listen 443 ssl;\n location / { proxy_pass http://b; }\n include more.conf;\n }\n}\n'

/** Each bound is lowered to where ordinary files reach it: what is left out then is told. */
const cases: readonly Case[] = [
  {
    lowered: { scanFileBytesMax: 100 },
    files: { 'a.txt': 'x'.repeat(200) },
    told: /^a\.txt: larger than .* not read$/,
  },
  {
    lowered: { scanInlineTemplatesMax: 1 },
    files: { 'app.rb': "require 'sinatra'\nget('/') { erb :a }\n__END__\n@@ a\n<%= 1 %>\n@@ b\n<%= 2 %>\n" },
    told: /more templates in it than are read/,
  },
  {
    lowered: { scanSourceBytesMax: 50 },
    files: { 'app.rb': leaky },
    told: /^app\.rb: larger than .* searched for keys, not parsed$/,
  },
  {
    lowered: { scanIgnoreStepsMax: 3 },
    files: { '.gitignore': 'a*c\n'.repeat(5), 'abcd.txt': '' },
    told: /^\.: more patterns that ignore files than are compared: from here on they are read$/,
  },
  { lowered: { scanFilesMax: 2 }, files: { 'a.rb': '', 'b.rb': '', 'c.rb': '' }, told: /^more than 2 files: the rest/ },
  { lowered: { scanSourceFilesMax: 1 }, files: { 'a.rb': '', 'b.rb': '' }, told: /^more than 1 files of source/ },
  {
    lowered: { scanDepthMax: 2 },
    files: { 'a/b/c/d/e.rb': leaky },
    told: /^a\/b\/c: deeper than 2 folders, not read$/,
  },
  {
    lowered: { scanFindingsMax: 2 },
    files: { 'app.rb': `require 'sinatra'\n${numbered(5, (i) => `get('/${i}') { ENV['STRIPE_API_KEY'] }`)}` },
    told: /more than 2 findings of key-in-response/,
  },
  {
    lowered: { rubyDepthMax: 10 },
    files: { 'a.rb': `${'('.repeat(40)}1${')'.repeat(40)}` },
    told: /^a\.rb:1:.*levels deep: what is in it is left out/,
  },
  {
    lowered: { rubyChainMax: 3 },
    files: { 'a.rb': 'x = a && b && c && d && e && f\n' },
    told: /^a\.rb:1:\d+: more than \d[\d,]* tests in a row; searched for keys, not followed$/,
  },
  {
    lowered: { yamlBytesMax: 20 },
    files: { 'compose.yaml': 'services:\n  web:\n    command: puma\n' },
    told: /^compose\.yaml: is larger than/,
  },
  {
    lowered: { yamlNodesMax: 3 },
    files: { 'compose.yaml': 'services:\n  web:\n    command: puma\n' },
    told: /^compose\.yaml: holds more than 3 values/,
  },
  {
    lowered: { yamlDepthMax: 3 },
    files: { 'compose.yaml': 'services: [[[[[a]]]]]\n' },
    told: /^compose\.yaml: is nested more than 3 deep/,
  },
  {
    lowered: { yamlIndentMax: 3 },
    files: { 'compose.yaml': 'services:\n     web: a\n' },
    told: /^compose\.yaml: is nested more than/,
  },
  {
    lowered: { scanStartsMax: 2 },
    files: { Procfile: 'a: puma\nb: puma\nc: puma\n' },
    told: /^more than 2 starts of the sort procfile/,
  },
  {
    lowered: { scanCommandsOfTreeMax: 2 },
    files: { Procfile: 'a: puma\nb: puma\nc: puma\n' },
    told: /^more than 2 commands start/,
  },
  {
    lowered: { listenersMax: 1 },
    files: { Procfile: 'a: puma\nb: puma -p 81\n', Gemfile: "gem 'puma'\n", 'config.ru': '' },
    told: /^more than 1 listeners/,
  },
  {
    lowered: { proxyRoutesMax: 1 },
    files: {
      'haproxy.cfg':
        'frontend f\n bind :443 ssl crt a\n use_backend b if TRUE\n use_backend c if TRUE\nbackend b\n server s 127.0.0.1:80\nbackend c\n server s 127.0.0.1:80\n',
    },
    told: /^haproxy\.cfg:2: passes to more than 1 backends/,
  },
  {
    lowered: { configurationDepthMax: 1 },
    files: { 'nginx.conf': nginx },
    told: /^nginx\.conf:2:.*nested more than 1 deep/,
  },
  {
    lowered: { configurationDirectivesMax: 1 },
    files: { 'nginx.conf': nginx },
    told: /^nginx\.conf:.*more than 1 directives/,
  },
  {
    lowered: { configurationIncludesMax: 0 },
    files: { 'nginx.conf': nginx, 'more.conf': 'ssl_protocols TLSv1.3;\n' },
    told: /^nginx\.conf: includes more than 0 files/,
  },
  {
    lowered: { scanGuardNamesMax: 2 },
    files: { 'app.rb': "require 'sinatra'\nget('/') do\n  a = params[:u]\n  b = a\n  c = b\n  redirect c\nend\n" },
    told: /^app\.rb: depends on more variables than are looked at for tests$/,
  },
  { lowered: { scanStepsMax: 1 }, files: { 'app.rb': leaky }, told: /^the program is larger than what is followed/ },
  { lowered: { scanRootStepsMax: 1 }, files: { 'app.rb': leaky }, told: /more ways through it than/ },
  {
    lowered: { scanFollowedBytesMax: 10 },
    files: { 'app.rb': `${leaky}def a = ENV['A_KEY']\ndef b = a\ndef c = puts(b)\nc\n` },
    told: /larger than what is followed/,
  },
  {
    lowered: { scanCallDepthMax: 1 },
    files: {
      'app.rb': `${numbered(6, (i) => `def f${i}(k) = f${i + 1}(k)`)}\ndef f6(k) = puts(k)\nf0(ENV['STRIPE_API_KEY'])\n`,
    },
    told: /through more calls than/,
  },
]

it.each(cases)('tells what it leaves out for $lowered', async ({ lowered, files, told }) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const gaps = async () => (await scanPaths(folder, ['.'], { takesIgnored: false, jobs: 0 })).gaps
  expect((await gaps()).filter((gap) => told.test(gap))).toEqual([])
  Object.assign(limits, lowered)
  expect(await gaps()).toContainEqual(expect.stringMatching(told))
})
