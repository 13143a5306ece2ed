module Billing
  module Settings
    module_function

    def load
      { secret: ENV.fetch('BILLING_SECRET'), mode: 'live' }
    end
  end
end
