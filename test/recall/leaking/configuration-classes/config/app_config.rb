class AppConfig
  class << self
    attr_accessor :token, :name

    def configure
      yield self
    end
  end
end

AppConfig.configure do |c|
  c.token = ENV['GITLAB_TOKEN']
  c.name = 'bridge'
end

class DslConfig
  def self.build(&block)
    new.tap { |c| c.instance_eval(&block) }
  end

  def secret(value = nil)
    value ? @secret = value : @secret
  end

  def region(value = nil)
    value ? @region = value : @region
  end
end

DSL = DslConfig.build do
  secret ENV['DSL_SECRET']
  region 'eu'
end

class EnvConfig
  def self.env(*names)
    names.each do |name|
      define_singleton_method(name) { ENV.fetch(name.to_s.upcase) }
    end
  end

  env :mailchimp_api_key, :mailchimp_region
end

module Defaults
  OPTIONS = { #! key-constant
    key: ENV['DEFAULT_API_KEY'],
    url: 'https://x.example.com'
  }.freeze
end
