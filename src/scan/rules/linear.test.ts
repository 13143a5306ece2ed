import { expect, it } from 'vitest'
import { loadCatalogue } from '../catalogue.ts'
import { follow } from '../flow/follow.ts'
import { indexProgram } from '../flow/program.ts'
import type { Expression } from '../form.ts'
import { languages } from '../languages/languages.ts'
import { sourceFile } from '../source-file.ts'

const catalogue = await loadCatalogue()
const ruby = languages.find(({ id }) => id === 'ruby')
if (!ruby) throw new Error('no Ruby')
const parser = await ruby.open()
const path = 'app.rb'

/** The same object, which counts how often something of it, or of what hangs on it, is read. */
function counted<T extends object>(whole: T, counts: { reads: number }): T {
  const seen = new WeakMap<object, object>()
  const wrap = <Part extends object>(part: Part): Part => {
    const known = seen.get(part)
    if (known) return known as Part
    const proxy = new Proxy(part, {
      get(target, name, receiver) {
        counts.reads++
        const value: unknown = Reflect.get(target, name, receiver)
        return typeof value === 'object' && value !== null ? wrap(value) : value
      },
    })
    seen.set(part, proxy)
    return proxy
  }
  return wrap(whole)
}

/** How often rules read the flows and the code of a program; by the rule. */
function readsOf(text: string): ReadonlyMap<string, number> {
  const source = sourceFile(path, text, catalogue.mask)
  const form = parser.parse(text, path).program
  const counts = { reads: 0 }
  const code = form && counted<Expression>(form, counts)
  const file = {
    path,
    survey: parser.survey(text, path),
    holdsKey: false,
    isTemplate: false,
    isAbout: () => true,
    source: () => source,
  }
  const { kinds, models, isSecretName, answers, rules } = catalogue
  const evidence = { deployment: { starts: [] }, leavesOut: () => undefined, ...answers }
  const { flows } = follow(indexProgram([{ ...file, form: () => form }], models), models, { kinds, isSecretName })
  const told = flows.map((flow) => countedFlow(flow, counts))
  const reads = new Map<string, number>()
  for (const rule of rules) {
    if (rule.about !== 'program') continue
    const program = indexProgram([{ ...file, form: () => code }], models)
    counts.reads = 0
    for (const _problem of rule.check({ program, flows: told, ...evidence }));
    reads.set(rule.id, counts.reads)
  }
  return reads
}

/** Only of the flow itself: what it holds is compared by what it is. */
function countedFlow<Flow extends object>(flow: Flow, counts: { reads: number }): Flow {
  return new Proxy(flow, {
    get(target, name, receiver) {
      counts.reads++
      return Reflect.get(target, name, receiver)
    },
  })
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')
const key = 'ENV["STRIPE_API_KEY"]'
const app = 'require "sinatra"\nrequire "net/http"\nrequire "openssl"\n'

/** Programs of so many lines, each of which leaks. */
const shapes: readonly (readonly [title: string, text: (count: number) => string])[] = [
  ['logs', (count) => `k = ${key}\n${lines(count, () => 'puts k')}`],
  ['URLs', (count) => `k = ${key}\n${lines(count, () => 'URI("https://a.example.com/?key=#{k}")')}`],
  ['exceptions', (count) => lines(count, (i) => `def f${i}\n  raise "no #{${key}}"\nend`)],
  ['arms', (count) => `k = ${key}\nif a\n${lines(count, (i) => `elsif k == "${i}"\n  puts k`)}\nend`],
  [
    'requests',
    (count) =>
      `${app}get("/") {\n${lines(count, (i) => `  Net::HTTP.get(URI(params["p${i}"]))\n  redirect params["q${i}"]`)}\n}`,
  ],
  [
    'tests of what is asked for',
    (count) =>
      `${app}get("/") {\n  v = 1\n${lines(count, (i) => `  u${i} = params["p${i}"]\n  a.b if u${i} == "x"\n  @c.d redirect(u${i})`)}\n}`,
  ],
  [
    'variables that hang on each other',
    (count) =>
      `${app}get("/") {\n  v0 = params["p"]\n${lines(count, (i) => `  v${i + 1} = v${i}\n  redirect v${i}`)}\n}`,
  ],
  [
    'code and files',
    (count) =>
      `${app}get("/") {\n${lines(count, (i) => `  eval(params["p${i}"])\n  c${i} = Object.const_get(params["c${i}"])\n  open(params["o${i}"])\n  File.read("a/" + params["f${i}"])`)}\n}`,
  ],
  [
    'clients',
    (count) =>
      lines(
        count,
        (i) =>
          `h${i} = Net::HTTP.new("a", 443)\nh${i}.verify_mode = OpenSSL::SSL::VERIFY_NONE if x\nh${i}.set_debug_output($stdout)\nr${i} = Net::HTTP::Get.new("/")\nr${i}["Authorization"] = ${key}\nh${i}.request(r${i})\nOpenSSL::HMAC.hexdigest("SHA1", ${key}, b${i})`,
      ),
  ],
]

it.each(shapes)('makes rules read what there is a few times, and not each for every other: %s', (_title, text) => {
  const [few, many] = [readsOf(text(100)), readsOf(text(200))]
  const more = [...many].flatMap(([rule, reads]) => {
    const before = few.get(rule) ?? 0
    return reads > 2.5 * before + 2_000 ? [`${rule}: ${before} → ${reads}`] : []
  })
  expect(more).toEqual([])
})
