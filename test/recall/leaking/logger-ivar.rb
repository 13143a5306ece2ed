require 'logger'

class Sync
  def initialize(logger: Logger.new($stderr))
    @logger = logger
    @token = ENV['SYNC_TOKEN']
  end

  def run
    @logger.info('sync') 
    @logger.info("token: #{@token}") #! key-in-log
  end
end
Sync.new.run
