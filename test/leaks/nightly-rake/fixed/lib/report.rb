class Report
  attr_reader :key

  def initialize(key)
    @key = key
  end

  def keep(path)
    File.open(path, 'w') { |file| file << "key: #{key.length} characters\n" }
  end

  def to_s
    "Report(#{key[0, 4]}…)"
  end
end
