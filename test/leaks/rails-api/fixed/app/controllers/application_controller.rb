class ApplicationController < ActionController::API
  rescue_from KeyError, with: :missing

  private

  def missing
    render json: { error: 'missing' }, status: :not_found
  end

  def billing_key
    Rails.configuration.x.billing_api_key
  end
end
