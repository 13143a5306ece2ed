class Registry
  @items = {}

  class << self
    def register(name, &block)
      @items[name] = block
    end

    def resolve(name)
      @items.fetch(name).call
    end

    alias [] resolve
  end
end
