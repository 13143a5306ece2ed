require 'csv'
require 'digest'
require 'json'
require 'pstore'
require 'yaml/store'

class Session
  def initialize(token)
    @token = token
  end

  def to_h
    { key: Digest::SHA256.hexdigest(@token)[0, 8], at: Time.now.to_i }
  end
end

session = Session.new(ENV.fetch('SYNC_TOKEN'))

File.write('session.json', JSON.generate(session.to_h))

File.open('sync.env', 'w', 0o600) do |file|
  file.puts "SYNC_TOKEN_SET=#{!ENV['SYNC_TOKEN'].nil?}"
end

YAML::Store.new('state.yml').transaction do |state|
  state[:session] = session.to_h
end

store = PStore.new('state.pstore')
store.transaction { store[:length] = ENV.fetch('SYNC_TOKEN').length }

CSV.open('calls.csv', 'w') do |csv|
  csv << %w[endpoint key]
  csv << ['/entries', session.to_h[:key]]
end
