require 'redis'
redis = Redis.new(url: ENV.fetch('REDIS_URL'), password: ENV['REDIS_PASSWORD'])
puts "connected: #{redis.ping}"
