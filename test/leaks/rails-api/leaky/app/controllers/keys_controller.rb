class KeysController < ApplicationController
  def show
    response.set_header('X-Billing-Key', billing_key)
    render json: { name: 'billing', key: billing_key }
  end

  def fail
    {}.fetch(:seven)
  end

  def whoami
    render json: { signed_in_with: request.headers['Authorization'] }
  end

  def moved
    redirect_to "/elsewhere?key=#{billing_key}"
  end

  def environment
    render json: ENV.to_h
  end
end
