require 'aws-sdk-ssm'
require 'dry-struct'

module Types
  include Dry.Types()
end

class ServiceConfig < Dry::Struct
  attribute :endpoint, Types::String
  attribute :password, Types::String
end

def load_config
  ssm = Aws::SSM::Client.new
  pw = ssm.get_parameter(name: '/svc/password', with_decryption: true).parameter.value
  ServiceConfig.new(endpoint: 'https://svc.example.com', password: pw)
end
