class KeysController < ApplicationController
  def show
    response.set_header('X-Billing', 'main')
    render json: { name: 'billing', ready: billing_key.present? }
  end

  def fail
    {}.fetch(:seven)
  end

  def whoami
    render json: { signed_in: request.headers['Authorization'].present? }
  end

  def moved
    redirect_to '/elsewhere'
  end

  def environment
    render json: { environment: Rails.env }
  end
end
