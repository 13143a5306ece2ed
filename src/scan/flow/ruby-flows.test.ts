import { describe, expect, it, vi } from 'vitest'
import { loadKinds } from '../../keys/load-kinds.ts'
import { limits } from '../../limits.ts'
import { languages } from '../languages/languages.ts'
import { openSecretFinder } from '../literals/find-secrets.ts'
import { sourceMasker } from '../mask-source.ts'
import type { Model } from '../model.ts'
import { table as modelTable } from '../models/index.ts'
import { secretNames } from '../secret-name.ts'
import { sourceFile } from '../source-file.ts'
import { follow } from './follow.ts'
import { indexProgram, type ProgramFile } from './program.ts'

const kinds = await loadKinds()
const models: Model[] = await Promise.all(modelTable.map(({ load }) => load()))
const isSecretName = secretNames(kinds)
const mask = sourceMasker(kinds, isSecretName, openSecretFinder(kinds, 0))

async function programFiles(files: Readonly<Record<string, string>>): Promise<ProgramFile[]> {
  const members: ProgramFile[] = []
  for (const [path, text] of Object.entries(files)) {
    const language = languages.find((candidate) => candidate.reads(path))
    if (!language) throw new Error(`no language reads ${path}`)
    const parser = await language.open()
    const source = sourceFile(path, text, mask)
    members.push({
      path,
      survey: parser.survey(text, path),
      holdsKey: false,
      isTemplate: language.isTemplate(path),
      isAbout: () => true,
      source: () => source,
      form: () => parser.parse(text, path).program,
    })
  }
  return members
}

/** Where secrets leave, as `app.rb:3 response`; what a request carries, a constant keeps and a digest is made of is looked at apart. */
async function leaks(files: Readonly<Record<string, string>>, wholeFilesMax: number): Promise<string[]> {
  const program = indexProgram(await programFiles(files), models)
  const { flows, gaps } = follow(program, models, { kinds, isSecretName }, wholeFilesMax)
  expect(gaps).toEqual([])
  const found = flows.filter(
    ({ sink, labels }) =>
      sink !== 'request' &&
      sink !== 'constant' &&
      sink !== 'digest' &&
      sink !== 'signing' &&
      labels.some(({ what }) => what === 'key' || what === 'settings' || what === 'credential'),
  )
  return found.map(({ file, start, sink }) => `${file.path}:${file.place(start, start).line} ${sink}`).sort()
}

/** What the comments say: `#! response log`. */
function marked(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files)
    .flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) => {
        const sinks = /#!((?: \w+)+)/.exec(line)?.[1]?.trim().split(' ') ?? []
        return sinks.map((sink) => `${path}:${index + 1} ${sink}`)
      }),
    )
    .sort()
}

type Case = readonly [title: string, code: string | Readonly<Record<string, string>>]

const leaking: readonly Case[] = [
  [
    'every text of the process',
    'ObjectSpace.each_object(String) { |text| puts text } #! log\nObjectSpace.each_object { |o| puts o } #! log',
  ],
  [
    'an entry with a secret’s name, of those that every variable of the environment was put in',
    'told = {}\nENV.each_pair { |name, value| told[name.downcase.to_sym] = value }\nputs told[:api_key] #! log',
  ],
  [
    'the URL in an entry',
    'told = {}\ntold[ARGV[0]] = ENV["REDIS_URL"]\nputs told[:url] #! log\nputs told[:password] #! log',
  ],
  [
    'an app by what it does with what it takes',
    'class A\n  def call(given)\n    [200, {}, [given["HTTP_AUTHORIZATION"]]] #! response\n  end\nend',
  ],
  [
    'what a block raises through its method',
    'def safely\n  yield\nrescue ArgumentError => e\n  puts e.message #! log\nend\nsafely { raise ArgumentError, ENV["API_KEY"] } #! raise',
  ],
  ['a function in the place of a value', 'logger.info(-> { ENV["API_KEY"] }) #! log'],
  ['a local variable', 'k = ENV["API_KEY"]\nputs k #! log'],
  ['a default of fetch', 'puts ENV.fetch("API_KEY", "none") #! log'],
  ['a fetch with a block', 'puts ENV.fetch("API_KEY") { "none" } #! log'],
  ['several at once', 'a, b = ENV.values_at("API_KEY", "PORT")\nputs a #! log\nputs b'],
  ['destructuring', 'a, b = ["x", ENV["API_KEY"]]\nputs a\nputs b #! log'],
  ['a hash by key', 'h = { key: ENV["API_KEY"], port: 1 }\nputs h[:key] #! log\nputs h[:port]'],
  ['a hash as a whole', 'h = { key: ENV["API_KEY"] }\nputs h #! log\nputs h.inspect #! log'],
  ['dig', 'h = { a: { b: ENV["API_KEY"], c: 1 } }\nputs h.dig(:a, :b) #! log\nputs h.dig(:a, :c)'],
  ['fetch on a hash', 'h = { a: ENV["API_KEY"], b: 1 }\nputs h.fetch(:a) #! log\nputs h.fetch(:b)'],
  ['slice of a hash', 'h = { a: ENV["API_KEY"], b: 1 }\nputs h.slice(:a) #! log'],
  ['transform_values', 'h = { a: ENV["API_KEY"] }\nputs h.transform_values { |v| "<#{v}>" } #! log'],
  ['merge', 'h = { a: 1 }.merge(key: ENV["API_KEY"])\nputs h[:key] #! log\nputs h.to_json #! log'],
  ['merge! in place', 'h = {}\nh.merge!(key: ENV["API_KEY"])\nputs h #! log'],
  ['writing an entry', 'h = {}\nh["k"] = ENV["API_KEY"]\nputs h["k"] #! log\nputs h["other"]'],
  ['a list spread over arguments', 'l = ["x", ENV["API_KEY"]]\ndef f(a, b) = puts(b) #! log\nf(*l)'],
  ['a list spread in a list', 'l = ["x", ENV["API_KEY"]]\nm = ["y", *l]\nputs m[0]\nputs m[2] #! log'],
  ['an entry that is overwritten in a branch', 'h = { k: ENV["API_KEY"] }\nh[:k] = "x" if rand > 1\nputs h[:k] #! log'],
  ['an entry that is deleted in a branch', 'h = { k: ENV["API_KEY"] }\nh.delete(:k) if rand > 1\nputs h #! log'],
  ['an entry that is taken out', 'h = { k: ENV["API_KEY"] }\nputs h.delete(:k) #! log\nputs h'],
  ['merge over an entry', 'h = { k: "x" }.merge(k: ENV["API_KEY"])\nputs h #! log'],
  [
    'an object put in a text',
    'class A\n  def initialize(k) = @k = k\n  def to_s = "<#{@k}>"\nend\nputs "a #{A.new(ENV["API_KEY"])}" #! log',
  ],
  [
    'a function with a computed name',
    'class A\n  %w[X_KEY].each { |n| define_method(n.downcase) { ENV[n] } }\nend\nputs A.new.x_key #! log',
  ],
  ['an attribute of a library', 'Lib.api_key = ENV["API_KEY"]\nputs Lib.api_key #! log'],
  [
    'a delegator',
    'class A\n  def key = ENV["API_KEY"]\nend\nclass B\n  def initialize = @a = A.new\n  def_delegator :@a, :key, :shown\nend\nputs B.new.shown #! log',
  ],
  [
    'a class that stands for another',
    'class A\n  def key = ENV["API_KEY"]\nend\nclass B < SimpleDelegator\n  def line = "k #{key}"\nend\nputs B.new(A.new).line #! log',
  ],
  [
    'a block in a function that a block calls',
    'def given = yield(1)\ndef key\n  ENV["API_KEY"].then { |k| k }\nend\ngiven { |c| puts key } #! log',
  ],
  [
    'an exception that is made before it is raised',
    'class A < StandardError\n  def initialize(k)\n    super("no #{k}")\n  end\nend\nclass B < StandardError; end\nbegin\n  a = A.new(ENV["API_KEY"])\n  raise a #! raise\nrescue A => e\n  puts e.message #! log\nend\nbegin\n  b = B.new("no #{ENV["API_KEY"]}")\n  raise b #! raise\nrescue B => e\n  puts e.message #! log\nend',
  ],
  [
    'an object of which only a method’s name is known',
    'class Address\n  def initialize = @part = ENV["API_KEY"]\n  def shown_part = @part\nend\ndef show(what) = puts(what.shown_part) #! log',
  ],
  ['the secret of a URL', 'def told(parts) = puts(parts[:pass]) #! log\ntold(ENV["RABBITMQ_URL"])'],
  [
    'one object of a class that few use',
    'class Address\n  def initialize(part) = @part = part\n  def shown = puts(@part) #! log\nend\nREGISTRY.add(Address.new(ENV["API_KEY"]))',
  ],
  ['double splat', 'a = { k: ENV["API_KEY"] }\nb = { **a, x: 1 }\nputs b[:k] #! log'],
  ['a list', 'l = [1, ENV["API_KEY"]]\nputs l.join(",") #! log\nputs l.first'.replace('\nputs l.first', '')],
  ['pushing to a list', 'l = []\nl << ENV["API_KEY"]\nputs l #! log'],
  ['interpolation', 'puts "key=#{ENV["API_KEY"]}" #! log'],
  ['appending', 's = +""\ns << "k=" << ENV["API_KEY"]\nputs s #! log'],
  ['concat', 's = "k".dup\ns.concat(ENV["API_KEY"])\nputs s #! log'],
  ['plus', 'puts "k=" + ENV["API_KEY"] #! log'],
  ['format', 'puts format("%s", ENV["API_KEY"]) #! log'],
  ['percent', 'puts "%s" % ENV["API_KEY"] #! log'],
  ['a heredoc', 'puts <<~TEXT #! log\n  key: #{ENV["API_KEY"]}\nTEXT'],
  ['gsub of something else', 'puts ENV["API_KEY"].gsub("-", "_") #! log'],
  ['gsub that puts it in', 'puts "x=KEY".gsub("KEY", ENV["API_KEY"]) #! log'],
  ['strip and upcase', 'puts ENV["API_KEY"].to_s.strip.upcase #! log'],
  ['base64', 'require "base64"\nputs Base64.strict_encode64(ENV["API_KEY"]) #! log'],
  ['all but the beginning', 'puts ENV["API_KEY"][4..] #! log'],
  ['or-assignment', 'def key = @key ||= ENV["API_KEY"]\nputs key #! log'],
  ['a constant', 'KEY = ENV["API_KEY"].freeze\ndef show = puts(KEY) #! log'],
  ['a constant in a module', 'module A\n  KEY = ENV["API_KEY"]\nend\nputs A::KEY #! log'],
  ['a global variable', '$key = ENV["API_KEY"]\ndef show\n  puts $key #! log\nend'],
  ['a class variable', 'class A\n  @@key = ENV["API_KEY"]\n  def show\n    puts @@key #! log\n  end\nend'],
  [
    'an instance variable',
    'class A\n  def initialize\n    @key = ENV["API_KEY"]\n  end\n  def show\n    puts @key #! log\n  end\nend',
  ],
  [
    'an instance variable of the parent',
    'class A\n  def initialize\n    @key = ENV["API_KEY"]\n  end\nend\nclass B < A\n  def show\n    puts @key #! log\n  end\nend',
  ],
  [
    'an instance variable by name',
    'class A\n  def initialize\n    instance_variable_set(:@key, ENV["API_KEY"])\n  end\n  def show\n    puts instance_variable_get(:@key) #! log\n  end\nend',
  ],
  [
    'a reader',
    'class A\n  attr_reader :key\n  def initialize(k)\n    @key = k\n  end\nend\nputs A.new(ENV["API_KEY"]).key #! log',
  ],
  ['an accessor', 'class A\n  attr_accessor :key\nend\na = A.new\na.key = ENV["API_KEY"]\nputs a.key #! log'],
  ['a method’s argument', 'def show(k)\n  puts k #! log\nend\nshow(ENV["API_KEY"])'],
  [
    'a named argument',
    'def show(name:, key: nil)\n  puts name\n  puts key #! log\nend\nshow(name: "x", key: ENV["API_KEY"])',
  ],
  ['rest arguments', 'def show(*all)\n  puts all #! log\nend\nshow(1, ENV["API_KEY"])'],
  ['named rest', 'def show(**all)\n  puts all[:k] #! log\nend\nshow(k: ENV["API_KEY"])'],
  ['a default argument', 'def show(k = ENV["API_KEY"])\n  puts k #! log\nend'],
  ['a return', 'def key\n  return ENV["API_KEY"] if true\n  nil\nend\nputs key #! log'],
  ['a block’s value', 'def with\n  yield ENV["API_KEY"]\nend\nwith { |k| puts k } #! log'],
  ['a block as an argument', 'def with(&b)\n  b.call(ENV["API_KEY"])\nend\nwith { |k| puts k } #! log'],
  ['a lambda', 'f = ->(x) { puts x } #! log\nf.(ENV["API_KEY"])'],
  ['a proc', 'f = proc { ENV["API_KEY"] }\nputs f.call #! log'],
  ['a method object', 'def show(k)\n  puts k #! log\nend\n[ENV["API_KEY"]].each(&method(:show))'],
  ['then', 'ENV["API_KEY"].then { |k| puts k } #! log'],
  ['tap', 'ENV["API_KEY"].tap { |k| puts k } #! log'],
  ['each_with_object', 'h = [1].each_with_object({}) { |_, m| m[:k] = ENV["API_KEY"] }\nputs h #! log'],
  ['inject', 's = [ENV["API_KEY"], "x"].inject("") { |a, b| a + b }\nputs s #! log'],
  ['map with a symbol', 'puts [ENV["API_KEY"]].map(&:to_s).join #! log'],
  ['a loop over names', '%w[API_KEY PORT].each { |n| puts ENV[n] } #! log'],
  ['a conditional', 'k = rand > 1 ? ENV["API_KEY"] : "x"\nputs k #! log'],
  ['case', 'k = case 1 when 1 then ENV["API_KEY"] else "" end\nputs k #! log'],
  ['a while loop', 'k = nil\nwhile true\n  puts k #! log\n  k = ENV["API_KEY"]\nend'],
  [
    'send',
    'class A\n  def key = ENV["API_KEY"]\nend\nputs A.new.send(:key) #! log\nputs A.new.public_send("key") #! log',
  ],
  [
    'method_missing',
    'class A\n  def method_missing(name, *)\n    ENV["API_KEY"]\n  end\nend\nputs A.new.anything #! log',
  ],
  ['define_method', 'class A\n  define_method(:key) { ENV["API_KEY"] }\nend\nputs A.new.key #! log'],
  [
    'an alias',
    'class A\n  def key = ENV["API_KEY"]\n  alias secret key\n  alias_method :other, :key\nend\nputs A.new.secret #! log\nputs A.new.other #! log',
  ],
  [
    'delegation',
    'class B\n  def key = ENV["API_KEY"]\nend\nclass A\n  extend Forwardable\n  def_delegators :@b, :key\n  def initialize\n    @b = B.new\n  end\nend\nputs A.new.key #! log',
  ],
  ['a struct', 'S = Struct.new(:a, :key)\ns = S.new(1, ENV["API_KEY"])\nputs s.key #! log\nputs s.a\nputs s #! log'],
  [
    'a struct with a body',
    'S = Struct.new(:key) do\n  def shown = "k #{key}"\nend\nputs S.new(ENV["API_KEY"]).shown #! log',
  ],
  [
    'a class of a struct',
    'class S < Struct.new(:key)\n  def shown = "k #{key}"\nend\nputs S.new(ENV["API_KEY"]).shown #! log',
  ],
  ['data', 'D = Data.define(:key)\nputs D.new(key: ENV["API_KEY"]).key #! log'],
  ['an open struct', 'require "ostruct"\no = OpenStruct.new(key: ENV["API_KEY"])\nputs o.key #! log'],
  [
    'an included module',
    'module K\n  def key = ENV["API_KEY"]\nend\nclass A\n  include K\n  def show = puts(key) #! log\nend',
  ],
  ['an extended module', 'module K\n  def key = ENV["API_KEY"]\nend\nclass A\n  extend K\nend\nputs A.key #! log'],
  ['a prepended module', 'module K\n  def key = ENV["API_KEY"]\nend\nclass A\n  prepend K\nend\nputs A.new.key #! log'],
  ['module_function', 'module K\n  module_function\n  def key = ENV["API_KEY"]\nend\nputs K.key #! log'],
  ['class << self', 'class A\n  class << self\n    def key = ENV["API_KEY"]\n  end\nend\nputs A.key #! log'],
  [
    'a singleton',
    'class A\n  def self.instance = @instance ||= new\n  attr_reader :key\n  def initialize\n    @key = ENV["API_KEY"]\n  end\nend\nputs A.instance.key #! log',
  ],
  [
    'super',
    'class A\n  def show(k)\n    puts k #! log\n  end\nend\nclass B < A\n  def show(k)\n    super(k)\n  end\nend\nB.new.show(ENV["API_KEY"])',
  ],
  [
    'super without arguments',
    'class A\n  def show(k)\n    puts k #! log\n  end\nend\nclass B < A\n  def show(k)\n    super\n  end\nend\nB.new.show(ENV["API_KEY"])',
  ],
  ['Class.new', 'A = Class.new do\n  def key = ENV["API_KEY"]\nend\nputs A.new.key #! log'],
  [
    'a raised message that is logged',
    'begin\n  raise "bad #{ENV["API_KEY"]}" #! raise\nrescue => e\n  puts e.message #! log\nend',
  ],
  [
    'inspect of an exception',
    'begin\n  raise ArgumentError, ENV["API_KEY"] #! raise\nrescue ArgumentError => e\n  puts e.inspect #! log\nend',
  ],
  [
    'an exception in a string',
    'begin\n  raise ENV["API_KEY"] #! raise\nrescue => e\n  puts "failed: #{e}" #! log\nend',
  ],
  ['the last exception', 'begin\n  raise ENV["API_KEY"] #! raise\nrescue\n  puts $!.message #! log\nend'],
  [
    'raised again',
    'begin\n  begin\n    raise ENV["API_KEY"] #! raise\n  rescue => e\n    raise\n  end\nrescue => e\n  puts e.message #! log\nend',
  ],
  [
    'raised in a method',
    'def work\n  raise "k #{ENV["API_KEY"]}" #! raise\nend\ndef run\n  work\nrescue => e\n  puts e.message #! log\nend',
  ],
  [
    'an exception of one’s own',
    'class Bad < StandardError\n  def initialize(key)\n    super("bad key #{key}")\n  end\nend\nbegin\n  raise Bad.new(ENV["API_KEY"]) #! raise\nrescue Bad => e\n  puts e.message #! log\nend',
  ],
  [
    'an exception with an attribute',
    'class Bad < StandardError\n  attr_reader :key\n  def initialize(key)\n    @key = key\n    super("bad")\n  end\nend\nbegin\n  raise Bad.new(ENV["API_KEY"])\nrescue Bad => e\n  puts e.key #! log\nend',
  ],
  ['an error that quotes', 'begin\n  Integer(ENV["API_KEY"])\nrescue => e\n  puts e.message #! log\nend'],
  ['ensure', 'begin\n  k = ENV["API_KEY"]\nensure\n  puts k #! log\nend'],
  ['the whole environment', 'puts ENV.to_h #! log\nputs ENV.inspect #! log'],
  ['each of the environment', 'ENV.each { |k, v| puts "#{k}=#{v}" } #! log'],
  ['a command', 'system("curl -H #{ENV["API_KEY"]}") #! command'],
  ['backticks', 'x = `curl -u #{ENV["API_KEY"]}` #! command'],
  ['a file', 'File.write("/tmp/x", ENV["API_KEY"]) #! file'],
  ['an open file', 'File.open("/tmp/x", "w") { |f| f.puts(ENV["API_KEY"]) } #! file'],
  ['a path', 'File.read("/keys/#{ENV["API_KEY"]}") #! path'],
  ['eval', 'eval("x = #{ENV["API_KEY"]}") #! code'],
  ['a compared key', 'puts "same" if ENV["API_KEY"] == gets #! compare'],
  [
    'a key of a YAML file',
    'require "yaml"\nc = YAML.load_file("config/secrets.yml")\nputs c["api_key"] #! log\nputs c["port"]',
  ],
  [
    'a nested key of a YAML file',
    'c = YAML.safe_load(File.read("config/app.yml"))\nputs c["production"]["api_key"] #! log',
  ],
  ['a key of a JSON file', 'c = JSON.parse(File.read("config/app.json"))\nputs c["db"]["password"] #! log'],
  [
    'over files',
    { 'a.rb': 'require_relative "b"\nputs B.new.key #! log', 'b.rb': 'class B\n  def key = ENV["API_KEY"]\nend' },
  ],
  [
    'an object that is handed over files',
    {
      'main.rb': 'require_relative "client"\nrequire_relative "report"\nReport.new(Client.new).run',
      'client.rb': 'class Client\n  def headers = { auth: ENV["API_KEY"] }\nend',
      'report.rb':
        'class Report\n  def initialize(client)\n    @client = client\n  end\n  def run\n    puts @client.headers #! log\n  end\nend',
    },
  ],
  [
    'a constant over files',
    { 'a.rb': 'module Keys\n  MAIN = ENV["API_KEY"]\nend', 'b.rb': 'def show\n  puts Keys::MAIN #! log\nend' },
  ],
  ['a dictionary that a call has made', 'h = Hash.new\nh[:k] = ENV["API_KEY"]\nputs h.to_json #! log\nputs h[:other]'],
  [
    'one of the entries of a dictionary',
    'h = { a: { host: "x", key: ENV["API_KEY"] } }\nname, entry = h.find { |n, _| n == ARGV[0] }\nputs name\nputs entry[:host]\nputs entry[:key] #! log\nputs h.min_by { |n, _| n }.first\nputs h.sort_by { |n, _| n }.first.last #! log',
  ],
  ['the environment in an entry', 'puts({ env: ENV.to_h }.to_json) #! log\nputs [ENV].inspect #! log'],
  [
    'items that a block takes apart',
    'rows = [["a", ENV["API_KEY"]], ["b", "c"]]\nputs rows.map { |name, _| name }.join\nputs rows.map { |_, key| key }.join #! log\nrows.each_with_index { |row, i| puts i }\nputs rows.each_with_index.map { |row, i| i }.join',
  ],
  [
    'rows of a table',
    'puts(CSV.generate { |csv| csv << ["a", ENV["API_KEY"]] }) #! log\nputs [ENV["API_KEY"]].to_csv #! log',
  ],
  [
    'a name of the environment of which only the end is known',
    'def key(of) = ENV["#{of.upcase}_API_KEY"]\nputs key(ARGV[0]) #! log\nputs ENV["#{ARGV[0]}_PATH"]',
  ],
  [
    'functions that a class has from saying what its items are',
    'class Keys\n  include Enumerable\n  def initialize(keys) = @keys = keys\n  def each(&) = @keys.each(&)\nend\nkeys = Keys.new([ENV["API_KEY"]])\nputs keys.map { |k| "<#{k}>" }.join #! log\nputs keys.first #! log\nputs keys.to_a.join #! log\nputs keys.count',
  ],
  [
    'an answer that hands out its parts',
    'require "sinatra"\nclass Rows\n  def initialize(rows) = @rows = rows\n  def each\n    @rows.each { |row| yield "#{row}\\n" }\n  end\nend\nget("/") { Rows.new([ENV["API_KEY"]]) } #! response\nget("/b") { Rows.new(["b"]) }',
  ],
  [
    'a variable of the thread',
    'Thread.current[:token] = ENV["API_KEY"]\nputs Thread.current[:token] #! log\nputs Thread.current[:other]\nThread.new(ENV["API_KEY"]) { |key| puts key } #! log',
  ],
  [
    'what a middleware leaves for the app',
    {
      'config.ru': 'require_relative "app"\nrequire_relative "keeper"\nuse Keeper, key: ENV["API_KEY"]\nrun App',
      'keeper.rb':
        'class Keeper\n  def initialize(app, key:)\n    @app = app\n    @key = key\n  end\n  def call(env)\n    env["partner.key"] = @key\n    @app.call(env)\n  end\nend',
      'app.rb':
        'require "sinatra/base"\nclass App < Sinatra::Base\n  get("/k") { request.env["partner.key"] } #! response\n  get("/o") { env["partner.other"] }\nend',
    },
  ],
  [
    'the only object of a class',
    'class Keys\n  include Singleton\n  def initialize = @keys = {}\n  def put(name, key) = @keys[name] = key\n  def [](name) = @keys[name]\nend\nKeys.instance.put(:a, ENV["API_KEY"])\nKeys.instance.put(:b, "c")\nputs Keys.instance[:a] #! log',
  ],
  [
    'a function that a table names',
    'class Commands\n  TABLE = { "help" => :help, "show" => :show }.freeze\n  def initialize(key) = @key = key\n  def help = "x"\n  def show = @key\n  def run(name) = send(TABLE[name])\nend\nputs Commands.new(ENV["API_KEY"]).run(ARGV[0]) #! log',
  ],
  [
    'a function in a table that is put over another',
    'h = Hash.new(->(_) { "x" }).merge("a" => ->(_) { "y" }, "b" => ->(n) { "#{n} #{ENV["API_KEY"]}" })\nputs h["b"].call("n") #! log\nputs h["a"].call("n")',
  ],
  [
    'an app in a constant of another file',
    {
      'app.rb': 'App = lambda do |env|\n  [200, {}, [ENV["API_KEY"]]] #! response\nend',
      'config.ru': 'require_relative "app"\nrun App',
    },
  ],
  [
    'what an object says of itself to a pattern',
    'class Result\n  def initialize(value) = @value = value\n  def deconstruct = [:ok, @value]\n  def deconstruct_keys(_) = { value: @value, at: 1 }\nend\ncase Result.new(ENV["API_KEY"])\nin [:ok, found] then puts found #! log\nend\ncase Result.new(ENV["API_KEY"])\nin { value:, at: }\n  puts value #! log\n  puts at\nend',
  ],
  [
    'a function that is added to texts',
    'class String\n  def loud = upcase + "!"\n  def hidden = "#{self[0, 2]}***"\nend\nkey = ENV["API_KEY"]\nputs key.loud #! log\nputs key.hidden',
  ],
  ['what is left of a key behind its beginning', 'puts ENV["API_KEY"][/_(.+)\\z/, 1] #! log'],
  [
    'streams that are kept until something is said',
    'require "sinatra"\nSTREAMS = []\nget "/s" do\n  stream(:keep_open) { |out| STREAMS << out }\nend\npost "/p" do\n  STREAMS.each { |out| out << ENV["API_KEY"] } #! response\n  204\nend',
  ],
  [
    'entries of a configuration, asked for one by one',
    'c = YAML.load_file("config/secrets.yml")\nc.each { |name, entry| puts entry["api_key"] } #! log\nc.each { |name, entry| puts entry["host"] }\nputs c.map { |name, entry| entry["host"] }.join\nputs c.map { |name, entry| "#{name} #{entry}" }.join #! log',
  ],
  [
    'objects made from a configuration',
    'class Tenant\n  attr_reader :host, :key\n  def initialize(given)\n    @host = given.fetch("host")\n    @key = given.fetch("api_key")\n  end\nend\ntenants = YAML.load_file("config/tenants.yml").map { |_, given| Tenant.new(given) }\ntenants.each { |tenant| puts tenant.host }\ntenants.each { |tenant| puts tenant.key } #! log',
  ],
  [
    'the environment of a request deep in an answer',
    'class A\n  def call(env)\n    [500, {}, [{ error: "x", env: env }.to_json]] #! response\n  end\nend',
  ],
  [
    'what has succeeded',
    'class Ask\n  include Dry::Monads[:result]\n  def call = ENV["API_KEY"] ? Success({ key: ENV["API_KEY"], host: "x" }) : Failure(:none)\nend\nresult = Ask.new.call\nputs result.value![:key] #! log\nputs result.value![:host]\nputs result.failure\nputs result.fmap { |found| found[:key] }.value_or("x") #! log\ncase result\nin Success(found) then puts found[:key] #! log\nin Failure(reason) then puts reason\nend',
  ],
  [
    'a translation, and the text of a template',
    'class A < ApplicationController\n  def a\n    render plain: I18n.t("a", key: ENV["API_KEY"]) #! response\n  end\n  def b\n    render inline: "<%= ENV[\'API_KEY\'] %>" #! template\n  end\nend',
  ],
  [
    'the template of a mail',
    {
      'app/mailers/alert_mailer.rb':
        'class AlertMailer < ApplicationMailer\n  def rotated(user)\n    @key = ENV["API_KEY"]\n    mail to: user.email #! message\n  end\n  def renamed(user)\n    @name = user.name\n    mail to: user.email\n  end\nend',
      'app/views/alert_mailer/rotated.text.erb': 'It is <%= @key %> now.',
      'app/views/alert_mailer/renamed.text.erb': 'You are <%= @name %> now.',
    },
  ],
  [
    'a WebSocket',
    {
      'app.rb':
        'App = lambda do |env|\n  ws = Faye::WebSocket.new(env)\n  ws.on(:open) { |_| ws.send({ key: ENV["API_KEY"] }.to_json) } #! response\n  ws.on(:message) { |event| ws.send("x") }\n  ws.rack_response\nend',
      'config.ru': 'require_relative "app"\nrun App',
    },
  ],
  [
    'an object that does something else after it has kept a key',
    'class Settings\n  attr_reader :out\n  def initialize\n    @key = ENV["API_KEY"]\n    @out = Logger.new($stdout)\n  end\n  def to_s = "key #{@key}"\nend\ndef settings = @settings ||= Settings.new\ndef show = settings.out.info("with #{settings}") #! log',
  ],
]

const clean: readonly Case[] = [
  ['a name that is made of it', 'profile = ENV["SERVICE_CREDENTIAL"].to_sym\nputs "runs as #{profile}"'],
  [
    'every class of the process',
    'ObjectSpace.each_object(Module) { |mod| puts mod }\nall = ObjectSpace.each_object(Class).to_a\nputs all',
  ],
  [
    'a library’s object, and a function of the program that is called like one of its own',
    'require "redis"\nclass Options\n  def initialize = @all = { token: ENV["API_KEY"] }\n  def get(key) = @all[key]\nend\nredis = Redis.new\nputs redis.get("restart")',
  ],
  [
    'entries of other names, of those that every variable of the environment was put in',
    'told = {}\nENV.each_pair { |name, value| told[name.downcase.to_sym] = value }\nputs told[:port]\nputs "on #{told[:host]}"',
  ],
  [
    'the names of all variables',
    'ENV.each { |name, _| puts name }\nENV.each_pair { |name, value| puts "#{name} is set" if value }',
  ],
  [
    'where a URL leads and how',
    'told = {}\ntold[ARGV[0]] = ENV["REDIS_URL"]\nputs told[:host]\nputs told.fetch(:adapter)\nraise "no #{told[:driver]}"',
  ],
  ['the folder that the shell is in', 'puts ENV["PWD"]\nputs ENV.fetch("OLDPWD")'],
  [
    'functions that are called like an app and are none',
    'class Step\n  def call(name)\n    puts "step #{name}"\n    raise "no #{name}" if name.empty?\n  end\nend\nclass Tell < Faraday::Middleware\n  def call(env)\n    ActiveSupport::Notifications.instrument("request", env) { @app.call(env) }\n  end\nend',
  ],
  ['the name of a variable', 'puts "API_KEY is missing"\nname = "API_KEY"\nputs name'],
  ['a variable that is no secret', 'puts ENV["PORT"]\nputs ENV["API_KEY_PATH"]\nputs ENV["PUBLIC_KEY"]'],
  ['whether it is there', 'puts ENV["API_KEY"].nil?\nputs !ENV["API_KEY"].nil?\nputs ENV.key?("API_KEY")'],
  ['whether it is empty', 'puts ENV["API_KEY"].to_s.empty?\nputs ENV["API_KEY"].present?'],
  ['its length', 'puts ENV["API_KEY"].length\nputs "#{ENV["API_KEY"].size} characters"'],
  ['set or unset', 'puts ENV["API_KEY"] ? "set" : "unset"\nputs "set" if ENV["API_KEY"]'],
  ['and', 'puts(ENV["API_KEY"] && "set")'],
  ['a double negation', 'puts({ configured: !!ENV["API_KEY"] })'],
  ['a digest', 'puts Digest::SHA256.hexdigest(ENV["API_KEY"])'],
  ['an HMAC', 'puts OpenSSL::HMAC.hexdigest("SHA256", ENV["API_KEY"], "x")'],
  ['a short prefix', 'puts ENV["API_KEY"][0, 4] + "***"\nputs "#{ENV["API_KEY"][0..3]}…"'],
  ['the last four', 'puts ENV["API_KEY"][-4..]\nputs ENV["API_KEY"].last(4)'],
  ['a mask by gsub', 'puts ENV["API_KEY"].gsub(/./, "*")\nputs ENV["API_KEY"].sub(/.+/, "[FILTERED]")'],
  ['constant time', 'puts "ok" if Rack::Utils.secure_compare(ENV["API_KEY"], "x")'],
  ['compared with nothing', 'puts "missing" if ENV["API_KEY"] == nil\nputs "missing" if ENV["API_KEY"] == ""'],
  ['overwritten', 'k = ENV["API_KEY"]\nk = "none"\nputs k'],
  ['another entry', 'h = { key: ENV["API_KEY"], name: "x" }\nputs h[:name]'],
  ['an item of a list spread over arguments', 'l = ["x", ENV["API_KEY"]]\ndef f(a, b) = puts(a)\nf(*l)'],
  ['all entries but one', 'h = { key: ENV["API_KEY"], a: 1 }\nputs h.except(:key)\nputs h.slice(:a)'],
  ['what is merged over', 'h = { key: ENV["API_KEY"] }\nputs h.merge(key: "***")'],
  ['a deleted entry', 'h = { key: ENV["API_KEY"], a: 1 }\nh.delete(:key)\nputs h'],
  [
    'an object without words for itself',
    'class A\n  def initialize(k) = @k = k\nend\nputs "a #{A.new(ENV["API_KEY"])}"',
  ],
  ['an attribute of another library', 'Lib.api_key = ENV["API_KEY"]\nputs Other.api_key'],
  ['the first item', 'l = ["x", ENV["API_KEY"]]\nputs l.first'],
  ['the entries’ names', 'puts({ key: ENV["API_KEY"] }.keys)\nputs ENV.keys'],
  ['a deleted entry is not the hash', 'h = { key: ENV["API_KEY"], a: 1 }\nputs h.except(:key)[:a]'],
  ['another method of the class', 'class A\n  def key = ENV["API_KEY"]\n  def name = "x"\nend\nputs A.new.name'],
  [
    'another class’s variable',
    'class A\n  def initialize\n    @key = ENV["API_KEY"]\n  end\nend\nclass B\n  def initialize\n    @key = "x"\n  end\n  def show = puts(@key)\nend',
  ],
  [
    'a sister’s variable',
    'class P\nend\nclass A < P\n  def initialize\n    @key = ENV["API_KEY"]\n  end\nend\nclass B < P\n  def initialize\n    @key = "x"\n  end\n  def show = puts(@key)\nend',
  ],
  ['a local of another function', 'def a\n  k = ENV["API_KEY"]\n  k.length\nend\ndef b(k)\n  puts k\nend\nb("x")'],
  [
    'an object as such',
    'class A\n  def initialize(k)\n    @k = k\n  end\nend\na = A.new(ENV["API_KEY"])\nputs a.class',
  ],
  [
    'a method of the same name elsewhere',
    'class A\n  def token = ENV["API_KEY"]\nend\nclass B\n  def token = "x"\nend\nputs B.new.token',
  ],
  ['a module of the same name', 'module A\n  KEY = ENV["API_KEY"]\nend\nmodule B\n  KEY = "x"\nend\nputs B::KEY'],
  ['what a constant is asked', 'KEY = ENV["API_KEY"]\nputs KEY.nil?\nputs KEY.size'],
  ['an argument that is not shown', 'def call(url, key)\n  puts url\n  key.length\nend\ncall("x", ENV["API_KEY"])'],
  ['a named argument that is not shown', 'def call(url:, key:)\n  puts url\nend\ncall(url: "x", key: ENV["API_KEY"])'],
  ['a raised text of its own', 'raise "API_KEY is missing" unless ENV["API_KEY"]'],
  ['the class of an exception', 'begin\n  raise ArgumentError, "no"\nrescue => e\n  puts e.class\nend'],
  ['an exception without the key', 'begin\n  k = ENV["API_KEY"]\n  raise "failed"\nrescue => e\n  puts e.message\nend'],
  [
    'an exception that is caught elsewhere',
    'begin\n  begin\n    raise ArgumentError, "x"\n  rescue ArgumentError => e\n    puts e.message\n  end\nend',
  ],
  ['a fetch without a default', 'key = ENV.fetch("API_KEY")\nputs "ready"'],
  ['a fetch whose block raises', 'ENV.fetch("API_KEY") { |name| raise "#{name} is missing" }'],
  ['a short name', 'puts ENV["HOME"], ENV.fetch("LANG", "C")'],
  ['an unless with a warning', 'warn "no key" unless ENV["API_KEY"]'],
  ['abort', 'abort "API_KEY is missing" if ENV["API_KEY"].to_s.empty?'],
  ['a key given to a client', 'require "stripe"\nStripe.api_key = ENV["API_KEY"]\nputs "ready"'],
  [
    'a field of a request',
    'request = Net::HTTP::Get.new("/x")\nrequest["Authorization"] = "Bearer #{ENV["API_KEY"]}"\nputs request.path',
  ],
  [
    'the answer to a request with a key',
    'r = Faraday.get("https://x.example/", nil, { "Authorization" => ENV["API_KEY"] })\nputs r.status',
  ],
  ['a struct’s other entry', 'S = Struct.new(:a, :key)\nputs S.new("x", ENV["API_KEY"]).a'],
  ['another item', 'a, b = ["x", ENV["API_KEY"]]\nputs a'],
  ['a loop over other names', '%w[PORT HOST].each { |n| puts ENV[n] }'],
  ['converted to a number', 'puts ENV["API_KEY"].to_i\nputs ENV["API_KEY"].hash'],
  ['a YAML file’s other entries', 'c = YAML.load_file("config/app.yml")\nputs c["port"]\nputs c["database"]["host"]'],
  ['translations', 'puts YAML.load_file("locales/en.yml").inspect'],
  [
    'a key that decides',
    'mode = ENV["API_KEY"] == gets ? "a" : "b"\nputs mode'.replace(' == gets', '.start_with?("sk_test")'),
  ],
  ['counted items', 'puts [ENV["API_KEY"]].size\nputs [ENV["API_KEY"]].count'],
  ['a branch of its own', 'if ENV["API_KEY"]\n  k = "yes"\nelse\n  k = "no"\nend\nputs k'],
  ['an encrypted text', 'c = OpenSSL::Cipher.new("aes-256-gcm")\nc.key = ENV["API_KEY"]\nputs c.update("x")'],
  ['a method that masks', 'def mask(text) = text[0, 4] + "*" * (text.size - 4)\nputs mask(ENV["API_KEY"])'],
  ['a file that is read by a constant name', 'puts File.read("VERSION")'],
  ['a command without it', 'system("ls", "-l")\nENV["API_KEY"].length'],
  ['a comparison with a constant', 'puts "test" if ENV["API_KEY"] == "sk_test"'],
  [
    'a setter that forgets',
    'class A\n  def key=(k)\n    @set = !k.nil?\n  end\n  def show = puts(@set)\nend\na = A.new\na.key = ENV["API_KEY"]\na.show',
  ],
  ['a block that is not run on it', '[ENV["API_KEY"]].each { puts "one" }'],
  ['recursion', 'def f(n) = n.zero? ? 0 : f(n - 1)\nputs f(ENV["API_KEY"].length)'],
  ['where a URL leads', 'def told(parts) = puts(parts[:channel_max], parts.fetch(:vhost))\ntold(ENV["RABBITMQ_URL"])'],
  ['objects of a class that is not known', 'def all(sort) = puts(ObjectSpace.each_object(sort).to_a)\nall(kind)'],
  [
    'an object of which only a method’s name is known, and another such',
    {
      'address.rb':
        'class Address\n  def secret_part=(part)\n    @part = part\n  end\n  def shown_part = puts(@part)\nend',
      'told.rb': 'def tell(to) = to.secret_part = ENV["API_KEY"]',
      ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`user${n}.rb`, 'Address.new.shown_part'])),
    },
  ],
  [
    'one object of a class that many use',
    {
      'address.rb': 'class Address\n  def initialize(part) = @part = part\n  def shown = puts(@part)\nend',
      'told.rb': 'Address.new(ENV["API_KEY"])',
      ...Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`user${n}.rb`, `Address.new("x${n}").shown`])),
    },
  ],
  [
    'an exception of a class that is raised with something else',
    'class Odd < StandardError\n  def initialize(what) = @what = what\n  def message = "odd #{@what}"\nend\ndef a = raise(Odd, ENV["API_KEY"].length)\nbegin\n  raise Odd, "x"\nrescue Odd => e\n  puts e.message\nend',
  ],
  [
    'two files',
    { 'a.rb': 'class A\n  def key = ENV["API_KEY"]\nend', 'b.rb': 'class B\n  def key = "x"\nend\nputs B.new.key' },
  ],
  [
    'a sign in the place of most characters',
    'puts ENV["API_KEY"].chars.each_with_index.map { |c, i| i < 4 ? c : "*" }.join',
  ],
  [
    'what another thread or request may have kept',
    'Thread.current[:token] = ENV["API_KEY"]\nputs Thread.current[:id]\nputs Thread.current.name',
  ],
  [
    'handing the environment to a template',
    {
      'app.rb': 'require "sinatra"\nget("/") { erb :index, locals: { env: ENV, key: 1 } }',
      'views/index.erb': '<p><%= env["LANG"] %></p>',
    },
  ],
  [
    'some fields of a request',
    'class A\n  def call(env)\n    puts env.slice("REQUEST_METHOD").to_json\n    puts env.except("HTTP_AUTHORIZATION", "HTTP_COOKIE").to_json\n    [204, {}, []]\n  end\nend',
  ],
  ['a few characters of an entry of the credentials', 'puts Rails.application.credentials.api_key.last(4)'],
  ['a program’s environment, without some of it', 'system(ENV.reject { |name, _| /RUBY/ =~ name }.to_h, "deploy")'],
]

describe.each([
  ['run whole', 1_000],
  ['run on demand', 0],
])('a program that is %s', (_how, wholeFilesMax) => {
  it.each(leaking)('leaks through %s', async (_title, code) => {
    const files = typeof code === 'string' ? { 'app.rb': code } : code
    const expected = marked(files)
    expect(expected.length).toBeGreaterThan(0)
    expect(await leaks(files, wholeFilesMax)).toEqual(expected)
  })

  it.each(clean)('shows nothing by %s', async (_title, code) => {
    expect(await leaks(typeof code === 'string' ? { 'app.rb': code } : code, wholeFilesMax)).toEqual([])
  })
})

it('finds the same where no code is held for longer than it is looked at', async () => {
  vi.spyOn(limits, 'scanHeldUnitBytesMax', 'get').mockReturnValue(0 as never)
  try {
    for (const [title, code] of [...leaking, ...clean]) {
      const files = typeof code === 'string' ? { 'app.rb': code } : code
      expect(await leaks(files, 0), title).toEqual(marked(files))
    }
  } finally {
    vi.restoreAllMocks()
  }
})
