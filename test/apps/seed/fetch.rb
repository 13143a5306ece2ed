get '/fetch' do
  begin
    raise 'Simulated failure' if params['fail']
    # Use API key in an outbound call
  rescue => e
    { error: e.message, backtrace: e.backtrace }.to_json
  end
end
