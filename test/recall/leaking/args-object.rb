require 'sinatra'
class Report
  def initialize(options)
    @options = options
  end
  def render
    @options.map { |k, v| "#{k}: #{v}" }.join(', ')
  end
end
get '/report' do
  Report.new(name: 'x', api_key: ENV['API_KEY']).render #! key-in-response
end
