import { withNamesFor } from '../flow/without-labels.ts'
import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInFile: Rule = {
  id: 'key-in-file',
  about: 'program',
  title: 'API key is written to a file',
  severity: 'medium',
  cwe: 312,
  explanation: `A key is written to a file in clear.

The file outlives the process and the key's rotation, is in every backup and image of the disk, is readable by whatever
the process's umask says (0644 unless somebody has changed it), and is what a path traversal reads first.

**Fix.** Keep the key where it comes from and read it when it is needed. Where another program has to have it in a file, let
whoever starts both place it there (a secret of systemd or of the container), readable by that user only.`,
  examples: {
    bad: [
      "File.write('tmp/session.json', { key: ENV['LEDGER_API_KEY'] }.to_json)",
      "File.open('/etc/app/env', 'w') do |file|\n  file.puts \"API_TOKEN=#{ENV.fetch('API_TOKEN')}\"\nend",
      "require 'yaml/store'\nstore = YAML::Store.new('state.yml')\nstore.transaction do\n  store[:token] = ENV['SYNC_TOKEN']\nend",
      "require 'csv'\nclass Export\n  KEY = ENV.fetch('EXPORT_API_KEY')\n  def write\n    CSV.open('export.csv', 'w') { |csv| csv << ['endpoint', KEY] }\n  end\nend",
      "require 'json'\nrequire 'tempfile'\nTempfile.create('settings') do |file|\n  file.write(JSON.dump('secret' => ENV['SIGNING_SECRET']))\n  system('import', file.path)\nend",
    ],
    good: [
      "File.write('tmp/session.json', { upstream: 'ledger' }.to_json)",
      "require 'digest'\nFile.write('tmp/key-id', Digest::SHA256.hexdigest(ENV['LEDGER_API_KEY']))",
      "require 'yaml/store'\nstore = YAML::Store.new('state.yml')\nstore.transaction { store[:cursor] = 12 }",
      "File.open('status.txt', 'w') { |file| file.puts(ENV['API_TOKEN'] ? 'configured' : 'not configured') }",
    ],
  },
  *check({ flows }) {
    yield* keyLeaks(flows, 'file', {
      verb: 'writes',
      where: 'to a file',
      fix: (names) => `Leave ${names} out of the file and read it where it is needed.`,
      correct: withNamesFor,
    })
  },
}
