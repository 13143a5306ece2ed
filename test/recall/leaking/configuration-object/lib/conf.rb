require 'yaml'
require 'erb'
require 'ostruct'

class Conf
  def self.load(path = File.expand_path('../config/app.yml', __dir__))
    raw = ERB.new(File.read(path)).result
    OpenStruct.new(YAML.safe_load(raw, symbolize_names: true))
  end

  def self.instance
    @instance ||= load
  end

  class << self
    extend Forwardable
    def_delegators :instance, :api_secret, :host
  end
end
