import { inputsOf } from '../flow/call-at.ts'
import { inContext, pathsOf } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const sqlFromInput: Rule = {
  id: 'sql-from-input',
  about: 'program',
  title: 'A client writes a part of a database statement',
  severity: 'high',
  cwe: 89,
  explanation: `A text from the request becomes a part of the text of a statement: \`"… WHERE name = '#{params[:name]}'"\`. With \`' OR 1=1 --\` a
client reads every row, and with \`UNION SELECT\` every table: the callers' keys, the sessions, the tokens that are kept there.
Some databases read files and start programs, too.

**Fix.** Give the value beside the text: \`db.execute('… WHERE name = ?', [params[:name]])\`, \`where(name: params[:name])\`. The name of a
column or a direction comes from a list of the program.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'sqlite3'\nDATABASE = SQLite3::Database.new('app.db')\nget('/user') { DATABASE.execute(\"SELECT * FROM users WHERE name = '#{params[:name]}'\").to_s }",
      "require 'rails'\nclass User < ApplicationRecord\nend\nclass UsersController < ApplicationController\n  def index\n    @users = User.where(\"name LIKE '%#{params[:q]}%'\")\n    head :ok\n  end\nend",
      "require 'sinatra'\nrequire 'sequel'\nDB = Sequel.connect('sqlite://app.db')\nget('/user') { DB[\"SELECT * FROM users WHERE id = \" + params[:id]].first.to_s }",
      "require 'sinatra'\nrequire 'pg'\nhelpers do\n  def rows(state)\n    statement = \"SELECT id FROM orders WHERE state = '%s'\" % state\n    PG.connect(dbname: 'app').exec(statement)\n  end\nend\nget('/orders') { rows(params['state']).count.to_s }",
      "require 'sinatra'\nrequire 'active_record'\nget '/report' do\n  ActiveRecord::Base.connection.select_all(\"SELECT * FROM #{params[:table]}\").to_a.to_s\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'sqlite3'\nDATABASE = SQLite3::Database.new('app.db')\nget('/user') { DATABASE.execute('SELECT * FROM users WHERE name = ?', [params[:name]]).size.to_s }",
      "require 'rails'\nclass User < ApplicationRecord\nend\nclass UsersController < ApplicationController\n  def index\n    @users = User.where(name: params[:name]).where('city = ?', params[:city]).where(['age > ?', params[:age]])\n    head :ok\n  end\nend",
      "require 'sinatra'\nrequire 'sequel'\nDB = Sequel.connect('sqlite://app.db')\nget('/user') { DB[:users].where(name: params[:name]).count.to_s }",
      "require 'sinatra'\nrequire 'pg'\nget '/orders' do\n  column = %w[id state].include?(params[:by]) ? params[:by] : 'id'\n  PG.connect(dbname: 'app').exec_params(\"SELECT id FROM orders WHERE id = $1 ORDER BY #{column}\", [params[:id]]).count.to_s\nend",
      "require 'sinatra'\nrequire 'sqlite3'\nDATABASE = SQLite3::Database.new('app.db')\nget('/user') { DATABASE.execute(\"SELECT * FROM users WHERE id = #{Integer(params[:id])} LIMIT #{params[:limit].to_i}\").size.to_s }",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const inputs = flow.sink === 'statement' ? inputsOf(flow) : []
      if (inputs.length === 0) continue
      yield {
        ...flow,
        confidence: 'firm',
        message: `${inContext(flow.context)} puts a text of the request in a statement, which a client can end and continue as it likes.`,
        fix: 'Give the value beside the text of the statement, with ? or a name in its place.',
        ...pathsOf(inputs),
        identity: [flow.context, flow.name],
      }
    }
  },
}
