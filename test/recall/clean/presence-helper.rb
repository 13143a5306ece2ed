require 'sinatra'
helpers do
  def configured?(name) = !ENV[name].nil? && ENV[name] != ''
end
get '/ready' do
  %w[STRIPE_KEY MAIL_TOKEN].all? { |n| configured?(n) } ? 'ready' : halt(503, 'not ready')
end
