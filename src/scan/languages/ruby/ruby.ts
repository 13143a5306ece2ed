import type { Language } from '../../language.ts'

/** Files of Ruby without an extension of their own. */
const names = new Set([
  ...['Rakefile', 'rakefile', 'Gemfile', 'gems.rb', 'Guardfile', 'Capfile', 'Thorfile', 'Vagrantfile', 'Berksfile'],
  ...['Fastfile', 'Appfile', 'Podfile', 'Puppetfile', 'Dangerfile', 'Brewfile', 'Steepfile', 'Buildfile', 'Appraisals'],
  ...['.irbrc', '.pryrc', '.simplecov', '.irb_rc'],
])
const source = /\.(?:rb|rbw|ru|rake|gemspec|podspec|thor|cap|jbuilder|rabl|builder|prawn|axlsx|god|watchr|ruby)$/
const template = /\.(?:erb|rhtml|erubi|erubis|haml|slim)$/
/** Plain Ruby whose value is the answer. */
const plainTemplate = /\.(?:jbuilder|rabl|builder|prawn|axlsx)$/

export const ruby: Language = {
  id: 'ruby',
  reads: (path) => source.test(path) || template.test(path) || names.has(path.slice(path.lastIndexOf('/') + 1)),
  readsScript: (firstLine) => /^#!.{0,200}\bruby[\d.]{0,9}(?:\s|$)/.test(firstLine),
  marksRoot: (path) => /(?:^|\/)(?:Gemfile|config\.ru|Rakefile|[^/]+\.gemspec)$/.test(path),
  isTemplate: (path) => template.test(path) || plainTemplate.test(path),
  // Loaded when a Ruby file is met: the parser is half a megabyte.
  open: async () => (await import('./ruby-parser.ts')).openRubyParser(),
}
