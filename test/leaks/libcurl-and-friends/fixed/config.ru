require_relative 'app'
run Checks.new
