configure do
  configure :production do
    set :logging, :off
    use Rack::ShowExceptions
    # Use a custom error handler to avoid leaking details
    error do
      { error: 'Internal server error' }.to_json
    end
  end
end
