require 'json'
require 'logger'
require 'net/http'
require_relative 'ledger'

$stdout.sync = true

logger = Logger.new('worker.log')
logger.formatter = proc { |severity, time, _name, text| "#{time.iso8601} #{severity} #{text}\n" }
ledger = Ledger.new(ENV.fetch('LEDGER_URL'), ENV.fetch('LEDGER_API_KEY'), logger)

3.times do |number|
  ledger.post(number)
rescue StandardError => e
  warn "entry #{number} failed: #{e.message}"
end

puts "done with #{ledger.fields}"
