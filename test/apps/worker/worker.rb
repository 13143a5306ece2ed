# frozen_string_literal: true

require 'faraday'
require_relative 'lib/notifier'

TOKENS = { github: ENV.fetch('GITHUB_TOKEN'), region: ENV['REGION'] }.freeze

def sync(repository)
  connection = Faraday.new(url: 'https://api.github.com', headers: { 'Authorization' => "token #{TOKENS[:github]}" })
  connection.get("/repos/#{repository}")
rescue Faraday::Error => e
  warn "sync of #{repository} in #{TOKENS[:region]} failed: #{e.class}"
  Notifier.new(TOKENS).failed(repository)
end

ARGV.each { |repository| sync(repository) }
