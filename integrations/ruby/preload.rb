# frozen_string_literal: true

# Loaded by RUBYOPT before the app. Brings clients that read no proxy or certificate variable to the egress door, for the
# hosts that a key is for; every other call stays as it was.
#
# Requires nothing: a standard library loaded here would be the version that the app's Gemfile then cannot choose. Raises
# nothing: where a patch does not fit, its client reaches no upstream with a key. No TracePoint: it turns YJIT off.
module SallyportPreload
  # Written by `sallyport run` beside this file: the door's URL, then an authority a line (`*.` for subdomains).
  URL, *AUTHORITIES = File.readlines(File.expand_path('door', __dir__), chomp: true)
  # The certificates of the system and of the run, and that of the run alone.
  BUNDLE = File.expand_path('../ca.pem', __dir__)
  OWN = File.expand_path('../sallyport-ca.pem', __dir__)

  class << self
    # The door's URI where a key is for this host and no_proxy does not name it, otherwise nil.
    def door(host, port)
      return unless host && AUTHORITIES.any? { |authority| names?(authority, host.downcase, port) }

      direct = ENV['no_proxy'] || ENV['NO_PROXY']
      URI.parse(URL) if direct.nil? || URI::Generic.use_proxy?(host, nil, port, direct)
    rescue StandardError
      nil
    end

    # Patches what has been loaded since the last time.
    def patch
      return if @pending.empty?

      @pending = @pending.reject do |name, addition|
        target = loaded(name)
        target.prepend(addition) if target && fits?(target, addition)
      rescue StandardError
        false
      end
    end

    def quietly
      yield
    rescue StandardError
      nil
    end

    def pending=(patches)
      @pending = patches
      patch
    end

    private

    def names?(authority, host, port)
      name, _, number = authority.rpartition(':')
      name, number = number, '443' if name.empty?
      return false unless number.to_i == port.to_i

      name.start_with?('*.') ? host.end_with?(name[1..]) : host == name
    end

    # Whether the target itself has all that the addition stands in front of: not yet while it is being loaded.
    def fits?(target, addition)
      has = [*target.instance_methods(false), *target.private_instance_methods(false)]
      [*addition.instance_methods(false), *addition.private_instance_methods(false)].all? { |name| has.include?(name) }
    end

    # The constant, without loading what would load itself at first use.
    def loaded(path)
      path.split('::').inject(Object) do |space, name|
        return nil if space.autoload?(name) || !space.const_defined?(name, false)

        space.const_get(name, false)
      end
    end
  end

  # URI::Generic. The standard method resolves the host before it answers: without a name server that takes 10 s a
  # connection, and a name that resolves to this machine goes past the door.
  module FindProxy
    def find_proxy(env = ENV)
      (SallyportPreload.door(hostname, port) if env.equal?(ENV)) || super
    end
  end

  # Net::HTTP, for callers that say "no proxy" (the stripe gem) or bring roots of their own (the same).
  module Connection
    private

    def connect
      SallyportPreload.quietly do
        door = use_ssl? && SallyportPreload.door(address, port)
        if door
          @proxy_from_env, @proxy_address, @proxy_port = false, door.hostname, door.port unless proxy?
          if proxy_address == door.hostname && proxy_port == door.port && (cert_store || ca_file || ca_path)
            self.cert_store ||= OpenSSL::X509::Store.new
            cert_store.add_file(OWN)
          end
        end
      end
      super
    end
  end

  # HTTP::Request of http.rb, which reads no variable.
  module Request
    def initialize(*, **)
      super
      SallyportPreload.quietly do
        door = SallyportPreload.door(@uri.host, @uri.port || 443) if @scheme == :https && @proxy.empty?
        @proxy = { proxy_address: door.hostname, proxy_port: door.port } if door
      end
    end
  end

  # Ethon::Easy, under Typhoeus: libcurl finds the door by itself and reads no variable for roots.
  module Easy
    def initialize(*arguments, **options)
      super
      given = arguments.first || options
      SallyportPreload.quietly { self.cainfo = BUNDLE unless given.key?(:cainfo) || given.key?('cainfo') }
    end

    def reset
      super
      SallyportPreload.quietly { self.cainfo = BUNDLE }
    end
  end

  # Curl::Multi of curb, through which every request of it goes.
  module Multi
    def add(easy)
      SallyportPreload.quietly { easy.cacert ||= BUNDLE }
      super
    end
  end

  # In front of Object and not in Kernel, where Bundler puts the original back and others keep aliases of what they found.
  module Require
    # Under a name that callers look past: Sinatra takes the first file above it for the app's own, and starts no app that
    # is not the program.
    module_eval(<<~RUBY, '<internal:sallyport>', 1)
      private

      def require(path)
        is_new = super
        SallyportPreload.patch if is_new
        is_new
      end
    RUBY
  end

  self.pending = {
    'URI::Generic' => FindProxy,
    'Net::HTTP' => Connection,
    'HTTP::Request' => Request,
    'Ethon::Easy' => Easy,
    'Curl::Multi' => Multi
  }
end

Object.prepend(SallyportPreload::Require)
