import type { Flow } from '../flow/flow-record.ts'
import { keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const keyConstant: Rule = {
  id: 'key-constant',
  about: 'program',
  title: 'API key is held for the life of the process',
  severity: 'low',
  cwe: 316,
  explanation: `A key is put in a constant, a class variable, a variable of the class itself or a global variable: it is in the process's memory from its start to its end, every line of code can read it, and
whatever shows a constant (a console, a debug page, a memory dump) shows it. A new key needs a restart.

**Fix.** Read the key where it is used. Better, do not have it in the process at all: under \`sallyport run\` the variable
holds a worthless stand-in, and the key is put in the request after it has left the process. A secret that the service itself
works with (a session secret, a database's URL) has to be there: hand it to what works with it, and keep no constant of it.`,
  examples: {
    bad: [
      "API_KEY = ENV['EXTERNAL_API_KEY']",
      'class Client\n  TOKEN = "Bearer #{ENV.fetch(\'SERVICE_TOKEN\')}".freeze\nend',
      "class Client\n  @@token = ENV['SERVICE_TOKEN']\n  def token_length = @@token.length\nend",
      "class Client\n  def self.token = @token ||= ENV.fetch('SERVICE_TOKEN')\n  def self.token_length = token.length\nend\nClient.token_length",
      "$api_key = ENV.fetch('EXTERNAL_API_KEY')",
    ],
    good: [
      "API_URL = ENV['EXTERNAL_API_URL']",
      "class Client\n  @@url = ENV['SERVICE_URL']\n  def url = @@url\nend",
      "class Client\n  def token = @token ||= ENV.fetch('SERVICE_TOKEN')\n  def token_length = token.length\nend\nClient.new.token_length",
      "def api_key\n  ENV.fetch('EXTERNAL_API_KEY')\nend",
      "KEY_NAME = 'EXTERNAL_API_KEY'",
    ],
  },
  *check({ flows, kindOf }) {
    for (const flow of flows) {
      const keys = flow.sink === 'constant' ? keysOf(flow, 'itself') : []
      // A literal is a finding of its own.
      const read = keys.filter(({ name }) => !name.startsWith('a '))
      if (read.length === 0) continue
      const first = read[0]?.name ?? ''
      const fix = read.every(({ name }) => kindOf(name)?.use === 'stays')
        ? `Load it when the service starts, from a store or with ENV.fetch('${first}'), hand it to what works with it, and keep no constant of it.`
        : `Read it where it is used, in a method: def ${flow.name.toLowerCase().replace(/^.*::|^[@$]+/g, '')} = ENV.fetch('${first}'). Or keep it out of the process: sallyport run.`
      const correction = corrected(flow)
      yield {
        ...flow,
        ...(correction === undefined ? {} : { correction }),
        message: `${flow.name} keeps ${keyNames(read)} for as long as the process lives.`,
        fix,
        ...pathsOf(read),
        identity: [flow.name],
      }
    }
  },
}

/** A method in the place of the constant, of its class where it stands in one; its users change with it. Of what is kept for the next call, the value. */
function corrected({ file, start, end, name }: Flow): string | undefined {
  const memoized = /^@\w+\s*\|\|=\s*/.exec(file.text.slice(start, end))
  if (memoized) return file.quote(start + memoized[0].length, end)
  const written = /^(?:@@|\$)?(\w+)\s*=(?!=)\s*/.exec(file.text.slice(start, end))
  if (!written) return undefined
  const value = file.quote(start + written[0].length, end).replace(/\.freeze$/, '')
  return `def ${name.includes('::') ? 'self.' : ''}${(written[1] ?? '').toLowerCase()} = ${value}`
}
