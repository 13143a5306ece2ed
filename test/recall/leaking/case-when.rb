require 'sinatra'
helpers do
  def key_for(provider)
    case provider
    when 'stripe' then ENV['STRIPE_KEY']
    when 'twilio' then ENV['TWILIO_AUTH_TOKEN']
    else 'none'
    end
  end
end
get('/key/:provider') { key_for(params[:provider]) } #! key-in-response
