require_relative 'app'

run CodeService.new
