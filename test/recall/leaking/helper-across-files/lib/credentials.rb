class Credentials
  attr_reader :token

  def self.current
    @current ||= new(ENV.fetch('SERVICE_TOKEN'))
  end

  def initialize(token)
    @token = token
  end
end
