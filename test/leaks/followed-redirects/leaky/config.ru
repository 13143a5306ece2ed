require_relative 'app'
run Aggregator
