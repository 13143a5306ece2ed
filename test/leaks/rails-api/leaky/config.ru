require_relative 'config/application'

Billing::Application.initialize!
run Billing::Application
