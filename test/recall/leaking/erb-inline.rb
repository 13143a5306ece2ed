require 'sinatra'

get '/map' do
  @key = ENV['MAPS_SECRET_KEY']
  erb :map
end

__END__

@@ map
<script src="https://maps.example.com/js?key=<%= @key %>"></script>
