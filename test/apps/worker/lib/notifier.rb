# frozen_string_literal: true

# Tells people.
class Notifier
  def initialize(tokens)
    @tokens = tokens
  end

  def failed(repository)
    report("failed: #{repository}", context: @tokens)
  end

  def report(text, context: {})
    $stderr.puts(text)
    $stderr.puts("context: #{context.to_a.flatten.join(' ')}")
  end
end
