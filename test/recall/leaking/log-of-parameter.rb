require 'sinatra/base'
require 'logger'

class Accounts < Sinatra::Base
  AUDIT = Logger.new('audit.log')

  helpers do
    def note(action, name)
      AUDIT.info("#{action} by #{name}") #! log-injection
    end
  end

  post '/accounts/:name/close' do
    note('close', params[:name])
    AUDIT.debug { "path #{request.path_info} from #{request.ip}" }
    AUDIT.debug "all: #{params.to_h}"
    204
  end

  post '/login' do
    user = params.fetch('user', '').strip
    format('sign-in of %s failed', user).then { |line| warn line } #! log-injection
    401
  end
end
