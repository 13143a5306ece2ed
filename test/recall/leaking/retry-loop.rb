require 'faraday'
class Fetcher
  TRIES = 3
  def call
    tries = 0
    begin
      tries += 1
      connection.get('/v1/items') { |r| r.headers['X-Api-Key'] = key }
    rescue Faraday::Error => e
      retry if tries < TRIES
      raise ArgumentError, "gave up on #{key}: #{e.class}" #! key-in-exception
    end
  end

  private

  def connection = @connection ||= Faraday.new('https://api.example.com', request: { timeout: 5 })
  def key = ENV['ITEMS_API_KEY']
end
Fetcher.new.call
