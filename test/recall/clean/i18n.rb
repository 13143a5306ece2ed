require 'sinatra'
require 'yaml'
TEXTS = YAML.load_file('locales/en.yml')
get('/login') { TEXTS['login']['password_label'] }
