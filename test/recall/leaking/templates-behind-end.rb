require 'sinatra'
require 'net/http'
require 'json'
require 'dotenv/load'

enable :inline_templates

helpers do
  def owm_key
    @owm_key ||= ENV['OPENWEATHER_API_KEY']
  end

  def h(text)
    Rack::Utils.escape_html(text)
  end
end

get '/' do
  @key = owm_key
  @city = params[:city] || 'Berlin'
  erb :index
end

get '/about' do
  @configured = owm_key ? 'yes' : 'no'
  @suffix = '***'
  erb :about
end

__END__

@@ layout
<!doctype html>
<html>
<head><title>Weather</title></head>
<body>
<%= yield %>
</body>
</html>

@@ index
<h1><%= h @city %></h1>
<div id="map" data-city="<%= h @city %>"></div>
<script>
  var APPID = "<%= @key %>"; #! key-in-template
</script>

@@ about
<p>configured: <%= @configured %></p>
<p>key: <%= @suffix %></p>
