# frozen_string_literal: true

require_relative 'app'

use Rack::ShowExceptions if ENV['RACK_ENV'] == 'development'
run Payments::App
