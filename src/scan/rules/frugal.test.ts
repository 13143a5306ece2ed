import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loadCatalogue } from '../catalogue.ts'
import { indexProgram, type ProgramFile } from '../flow/program.ts'
import { languages } from '../languages/languages.ts'
import { sourceFile } from '../source-file.ts'
import { isAbout, topicsOf } from '../topics.ts'

const { mask, models, rules, answers } = await loadCatalogue()

/** The libraries of a web app, as they are installed. */
const paths = execFileSync('ruby', [
  '-e',
  `%w[sinatra/base rack puma active_support].each { |name| require name }
   names = %w[sinatra rack puma active_support net rubygems bundler openssl]
   folders = $LOADED_FEATURES.grep(/\\.rb$/).map { |file| File.dirname(file) }.uniq
   puts folders.flat_map { |folder| names.flat_map { |name| Dir.glob("#{folder}/#{name}/**/*.rb") } }.uniq.sort`,
])
  .toString()
  .split('\n')
  .filter((path) => path !== '')

it('asks for the code of few files of a large program, whatever the rule is about', async () => {
  expect(paths.length).toBeGreaterThan(300)
  const ruby = await languages.find(({ id }) => id === 'ruby')?.open()
  if (!ruby) throw new Error('no Ruby')
  const asked = new Map<string, number>()
  let asking = ''
  const files = paths.map((path): ProgramFile => {
    const bytes = readFileSync(path)
    const text = bytes.toString()
    const source = sourceFile(path, text, mask)
    const topics = topicsOf(bytes)
    return {
      path,
      survey: ruby.survey(text, path),
      holdsKey: false,
      isTemplate: false,
      isAbout: (topic) => isAbout(topics, topic),
      source: () => source,
      form() {
        asked.set(asking, (asked.get(asking) ?? 0) + 1)
        return ruby.parse(text, path).program
      },
    }
  })
  const program = indexProgram(files, models)
  for (const rule of rules) {
    if (rule.about !== 'program') continue
    asking = rule.id
    const evidence = { program, flows: [], deployment: { starts: [] }, leavesOut: () => undefined, ...answers }
    for (const _problem of rule.check(evidence));
  }
  const most = Math.ceil(paths.length / 20)
  expect([...asked].filter(([, count]) => count > most)).toEqual([])
})
