module AuthHelpers
  def auth_header
    { 'Authorization' => "Bearer #{access_token}" }
  end

  private

  def access_token
    ENV['ACCESS_TOKEN']
  end
end
