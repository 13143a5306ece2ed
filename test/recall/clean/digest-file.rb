require 'digest'
puts Digest::SHA256.file('config/settings.yml').hexdigest
