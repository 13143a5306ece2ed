module Orders
  # Pages for operators.
  module Operators
    def self.registered(app)
      app.helpers Words

      app.get '/operators/ledger' do
        headers 'X-Ledger' => 'main'
        say 'the ledger is there'
      end

      app.error do
        say 'failed'
      end

      app.get '/operators/fail' do
        raise KeyError, "no entry for #{params[:id]}"
      end
    end

    module Words
      def say(text)
        "#{text}\n"
      end
    end
  end
end
