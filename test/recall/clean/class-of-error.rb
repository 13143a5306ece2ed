require 'sinatra'
get '/x' do
  begin
    Integer(params[:n]).to_s
  rescue ArgumentError => e
    logger.info e.class.name
    halt 400, 'n must be a number'
  end
end
