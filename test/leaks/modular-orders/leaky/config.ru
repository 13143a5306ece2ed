require_relative 'app'

run Orders::App
