require 'minitest/autorun'
class AppTest < Minitest::Test
  def test_key
    ENV['API_KEY'] = 'test-key'
    assert_equal 'test-key', ENV['API_KEY'], "key was #{ENV['API_KEY'].inspect}"
  end
end
