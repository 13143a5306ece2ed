module AuthHelpers
  def auth_header
    "Bearer #{ENV.fetch('SERVICE_TOKEN')}"
  end
end
