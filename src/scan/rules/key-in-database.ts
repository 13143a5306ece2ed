import { withBareNamesFor } from '../flow/without-labels.ts'
import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInDatabase: Rule = {
  id: 'key-in-database',
  about: 'program',
  title: 'API key of the service is written to a database',
  severity: 'medium',
  cwe: 312,
  explanation: `A key that the service was given is put in a row of a database, or in the text of a statement.

Whoever can read the table, a replica, a dump or a backup has the key; statements are in the logs of slow queries and in
the statistics of the server. A key that is rotated stays there.

**Fix.** Store the name of the key, not the key. What has to be stored is encrypted before (ActiveRecord's \`encrypts\`), with a
key that is not in the database.`,
  examples: {
    bad: [
      "class Account < ApplicationRecord\nend\nAccount.create!(name: 'ledger', api_key: ENV.fetch('LEDGER_API_KEY'))",
      "require 'sqlite3'\ndb = SQLite3::Database.new('state.db')\ndb.execute('INSERT INTO settings (name, value) VALUES (?, ?)', ['token', ENV['SYNC_TOKEN']])",
      "require 'sequel'\nDB = Sequel.connect(ENV['STATE_URL'])\ndef remember(token)\n  DB[:settings].insert(name: 'token', value: token)\nend\nremember(ENV.fetch('SYNC_TOKEN'))",
      "require 'pg'\nconnection = PG.connect(dbname: 'app')\nconnection.exec(\"UPDATE settings SET value = '#{ENV['SYNC_TOKEN']}'\")",
    ],
    good: [
      "class Account < ApplicationRecord\nend\nAccount.create!(name: 'ledger', key_name: 'LEDGER_API_KEY')",
      "class Account < ApplicationRecord\n  encrypts :api_key\nend\nAccount.create!(name: 'ledger', api_key: ENV.fetch('LEDGER_API_KEY'))",
      "require 'pg'\nconnection = PG.connect(dbname: 'app', password: ENV['PG_PASSWORD'])\nconnection.exec('SELECT 1')",
      "require 'sequel'\nrequire 'digest'\nDB = Sequel.connect(ENV['STATE_URL'])\nDB[:settings].insert(name: 'token', digest: Digest::SHA256.hexdigest(ENV.fetch('SYNC_TOKEN')))",
    ],
  },
  *check({ flows, program, encrypting }) {
    // Which columns are encrypted is not followed: a program that encrypts some is taken at its word.
    if (program.mentioning(encrypting).length > 0) return
    yield* keyLeaks(flows, 'database', {
      verb: 'writes',
      where: 'to a database',
      fix: (names) => `Store a name for ${names} instead, or encrypt the column.`,
      correct: withBareNamesFor,
    })
  },
}
