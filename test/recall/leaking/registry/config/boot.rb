require 'dotenv'
Dotenv.load('.env')
$LOAD_PATH.unshift File.expand_path('../lib', __dir__)
require 'registry'

Registry.register(:crm) { ENV.fetch('CRM_API_KEY') }
Registry.register(:name) { 'crm-bridge' }
