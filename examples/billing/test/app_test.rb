# frozen_string_literal: true

# The service's own tests, against a ledger that runs: `ruby test/app_test.rb`.
ENV['APP_ENV'] = 'test'
require 'minitest/autorun'
require 'rack/mock'
require_relative '../app'

class AppTest < Minitest::Test
  def setup
    @billing = Rack::MockRequest.new(Sinatra::Application)
  end

  def json(response)
    JSON.parse(response.body)
  end

  def test_is_healthy
    assert_equal 200, @billing.get('/health').status
  end

  def test_shows_the_balance_that_the_ledger_has
    assert_equal({ 'available' => 125_00, 'currency' => 'eur' }, json(@billing.get('/balance')))
  end

  def test_shows_a_charge
    assert_equal 'ch_1', json(@billing.get('/charges/ch_1'))['id']
  end

  def test_says_what_went_wrong_with_a_charge
    response = @billing.get('/charges/none')
    assert_equal 200, response.status
    assert_equal 'the ledger answered 404', json(response)['error']
    refute_empty json(response)['backtrace']
  end

  def test_makes_a_charge
    response = @billing.post('/charges', input: { amount: 700, customer: 'Zoe' }.to_json)
    assert_equal 201, response.status
    assert_equal 700, json(response)['amount']
  end

  def test_finds_charges_by_customer
    assert_equal %w[ch_1], json(@billing.get('/search?q=Ana'))['charges'].map { |charge| charge['id'] }
  end

  def test_adds_up_a_month
    assert_equal({ 'month' => 'October 2026', 'total' => 42_00 }, json(@billing.get('/reports/2026-10')))
  end
end
