class BaseClient
  def self.inherited(sub)
    super
    (@clients ||= []) << sub
  end

  def initialize(token = default_token)
    @token = token
  end

  def default_token
    raise NotImplementedError
  end

  def headers
    { 'Authorization' => "Bearer #{@token}", 'Accept' => 'application/json' }
  end

  def to_s
    "#{self.class.name}(#{@token})"
  end
end

class AsanaClient < BaseClient
  def default_token = ENV.fetch('ASANA_TOKEN')
end

class PublicClient < BaseClient
  def default_token = 'anonymous'
end

class QuietClient < AsanaClient
  def to_s = 'quiet'
end
