require_relative 'config/boot'
require 'sinatra/base'
require 'crm'
require_relative 'routes/crm_routes'

map('/crm') { run CrmRoutes }
