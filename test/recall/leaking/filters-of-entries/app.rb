require 'sinatra/base'

module TokenFilter
  SENSITIVE = %w[password token secret api_key].freeze

  def self.scrub(hash)
    hash.each_with_object({}) do |(k, v), out|
      out[k] = SENSITIVE.include?(k.to_s) ? '[FILTERED]' : v
    end
  end

  def self.scrub2(hash)
    hash.to_h { |k, v| SENSITIVE.any? { |s| k.to_s.include?(s) } ? [k, '***'] : [k, v] }
  end

  def self.noscrub(hash)
    hash.to_h { |k, v| k.to_s == 'password' ? [k, '***'] : [k, v] }
  end
end

class App < Sinatra::Base
  def conf
    { name: 'x', api_key: ENV['CONF_API_KEY'], port: ENV['PORT'] }
  end

  get('/1') { TokenFilter.scrub(conf).to_s }
  get('/2') { TokenFilter.scrub2(conf).to_s }
  get('/3') { TokenFilter.noscrub(conf).to_s } #! key-in-response
  get('/4') { conf.merge(api_key: '[hidden]').to_s }
  get('/5') { conf.transform_values { |v| v.to_s.empty? ? 'missing' : 'set' }.to_s }
  get('/6') { conf.map { |k, v| "#{k}: #{v.nil? ? 'no' : 'yes'}" }.join }
  get('/7') { conf.sort_by { |k, _| k }.map(&:last).join } #! key-in-response
  get('/8') { conf.find { |k, _| k == :api_key }.last } #! key-in-response
  get('/9') { conf.partition { |k, _| k == :name }.first.to_s }
  get('/10') { conf.min_by { |k, _| k }.to_s } #! key-in-response
  get('/11') { conf.group_by { |k, _| k.size }.to_s } #! key-in-response
  get('/12') { conf.each_pair.with_index.map { |(k, v), i| "#{i}#{k}#{v}" }.join } #! key-in-response
  get('/13') { conf.zip([1, 2]).to_s } #! key-in-response
  get('/14') { conf.any? { |_, v| v.nil? }.to_s }
  get('/15') { conf.key(ENV['CONF_API_KEY']).to_s }
  get('/16') { conf.invert.keys.join }
  get('/17') { conf.values_at(:name, :port).join }
  get('/18') { conf.fetch_values(:api_key).first } #! key-in-response
  get('/19') { conf.delete(:api_key).to_s } #! key-in-response
  get('/20') { conf.compact.transform_keys(&:to_s)['api_key'] } #! key-in-response
end
