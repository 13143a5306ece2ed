require 'sinatra'
require_relative 'config/app_config'

get('/1') { AppConfig.token } #! key-in-response
get('/2') { AppConfig.name }
get('/3') { DSL.secret } #! key-in-response
get('/4') { DSL.region }
get('/5') { EnvConfig.mailchimp_api_key } #! key-in-response
get('/6') { EnvConfig.mailchimp_region }
get('/7') { Defaults::OPTIONS[:key] } #! key-in-response
get('/8') { Defaults::OPTIONS[:url] }
get('/9') { Defaults::OPTIONS.fetch(:key) } #! key-in-response
