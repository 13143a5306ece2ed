class Crm
  attr_reader :key

  def initialize(key: Registry[:crm])
    @key = key
  end

  def describe
    { name: Registry.resolve(:name), key: key }
  end
end
