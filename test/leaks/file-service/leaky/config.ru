require_relative 'app'

run FileService
