require 'sinatra'
require 'yaml'
CONFIG = YAML.load_file('config/secrets.yml')
get('/') { CONFIG['title'] }
