require 'sinatra'

class BillingClient
  def initialize(base, api_key)
    @base = base
    @api_key = api_key
  end

  def to_s
    "#{self.class.name}(#{@base}, #{@api_key})"
  end
end

BILLING = BillingClient.new('https://billing.example.com', ENV['BILLING_API_KEY'])

get '/health' do
  "billing: #{BILLING}" #! key-in-response
end
