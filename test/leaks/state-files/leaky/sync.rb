require 'csv'
require 'json'
require 'pstore'
require 'yaml/store'

class Session
  def initialize(token)
    @token = token
  end

  def to_h
    { token: @token, at: Time.now.to_i }
  end
end

session = Session.new(ENV.fetch('SYNC_TOKEN'))

File.write('session.json', JSON.generate(session.to_h))

File.open('sync.env', 'w', 0o600) do |file|
  file.puts "SYNC_TOKEN=#{ENV['SYNC_TOKEN']}"
end

YAML::Store.new('state.yml').transaction do |state|
  state[:session] = session.to_h
end

store = PStore.new('state.pstore')
store.transaction { store[:token] = ENV.fetch('SYNC_TOKEN') }

CSV.open('calls.csv', 'w') do |csv|
  csv << %w[endpoint token]
  csv << ['/entries', session.to_h[:token]]
end
