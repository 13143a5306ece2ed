require 'sinatra'
class Query
  def initialize(key:, page:)
    @key = key
    @page = page
  end
  def to_h = { page: @page }
end
get('/q') { Query.new(key: ENV['API_KEY'], page: params[:page].to_i).to_h.to_json }
