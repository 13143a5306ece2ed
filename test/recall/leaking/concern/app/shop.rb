require 'net/http'
require_relative 'concerns/tokenable'

class Shop
  include Tokenable

  def products
    Net::HTTP.get_response(URI('https://shop.example.com/admin/products.json'), auth_header).code #! key-to-other-host
  end
end
