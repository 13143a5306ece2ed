require 'logger'
logger = Logger.new($stdout)
logger.formatter = proc { |severity, _time, _name, message| "#{severity} #{message.to_s.gsub(/key=[^&\s]+/, 'key=[filtered]')}\n" }
logger.info 'started'
