# frozen_string_literal: true

module Routes
  # Pages for operators.
  module Admin
    def self.registered(app)
      app.get '/admin/settings' do
        settings.webhook_secret
      end

      app.get '/admin/health' do
        'ok'
      end
    end
  end
end
