require 'logger'
log = Logger.new($stdout)
log.info 'rotating API_KEY'
log.info "API_KEY #{ENV['API_KEY'] ? 'found' : 'missing'}"
