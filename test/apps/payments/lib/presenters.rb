# frozen_string_literal: true

module Payments
  # How things are shown.
  module Presenters
    def json_body(value)
      content_type :json
      JSON.generate(value)
    end

    def describe(upstream)
      {
        url: upstream.settings.url,
        timeout: upstream.settings.timeout,
        configured: !upstream.settings.key.to_s.empty?,
        credentials: mask(upstream.settings.key)
      }
    end

    # Hides all but the last half.
    def mask(text)
      text[text.length / 2..]
    end
  end
end
