require 'sinatra/base'
require 'json'
require 'logger'

class Accounts < Sinatra::Base
  AUDIT = Logger.new('audit.log')

  helpers do
    def one_line(text)
      text.to_s.gsub(/[[:cntrl:]]/, ' ')
    end
  end

  post '/accounts/:name/close' do
    AUDIT.info("close by #{one_line(params[:name])}")
    AUDIT.info("count #{params[:count].to_i}, #{params[:names].size}")
    AUDIT.info({ action: 'close', name: params[:name] })
    AUDIT.info(JSON.generate(action: 'close', name: params[:name]))
    p params[:name]
    204
  end

  post '/login' do
    AUDIT.info "sign-in of #{params[:user].tr("\n\r", '  ')} from #{request.user_agent}"
    401
  end
end
