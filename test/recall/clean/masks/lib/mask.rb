module Mask
  module_function

  def call(value)
    return '(none)' if value.to_s.empty?

    value.to_s[0, 2] + '*' * 8
  end

  def digest(value)
    OpenSSL::Digest::SHA256.hexdigest(value.to_s)[0, 12]
  end
end
