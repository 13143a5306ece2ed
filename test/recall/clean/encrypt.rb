require 'openssl'
cipher = OpenSSL::Cipher.new('aes-256-gcm').encrypt
cipher.key = [ENV.fetch('DATA_KEY')].pack('H*')
iv = cipher.random_iv
text = cipher.update($stdin.read) + cipher.final
File.binwrite('out.enc', iv + cipher.auth_tag + text)
