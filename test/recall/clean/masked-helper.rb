require 'sinatra'
helpers do
  def mask(secret)
    return '' if secret.nil?
    secret[0, 3] + '*' * (secret.length - 3)
  end
end
get '/whoami' do
  logger.info "using #{mask(ENV['API_KEY'])}"
  mask(ENV['API_KEY'])
end
