require 'active_support/concern'

module Tokenable
  extend ActiveSupport::Concern

  included do
    class_attribute :token_env, default: 'SHOPIFY_ACCESS_TOKEN'
    attr_accessor :token
  end

  class_methods do
    def build
      new.tap { |o| o.token = ENV.fetch(token_env) }
    end
  end

  def auth_header
    { 'X-Shopify-Access-Token' => token }
  end
end
