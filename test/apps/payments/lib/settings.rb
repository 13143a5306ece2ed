# frozen_string_literal: true

module Payments
  # What the deployment says.
  class Settings
    attr_reader :url, :key, :timeout

    def self.load
      new(url: ENV.fetch('PAYMENTS_URL'), key: ENV['PAYMENTS_API_KEY'], timeout: ENV.fetch('PAYMENTS_TIMEOUT', '5').to_i)
    end

    def initialize(url:, key:, timeout: 5)
      @url = url
      @key = key
      @timeout = timeout
    end
  end
end
