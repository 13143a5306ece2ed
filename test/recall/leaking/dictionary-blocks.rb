require 'sinatra'
require 'json'

DEFAULTS = { region: 'eu', retries: 3 }.freeze

def options
  DEFAULTS.merge(secret: ENV['TREASURY_SECRET'], url: ENV['TREASURY_URL'])
end

get('/1') { options.slice(:region, :retries).to_json }
get('/2') { options.except(:region).to_json } #! key-in-response
get('/3') { options.reject { |k, _| k == :secret }.to_json }
get('/4') { options.transform_values(&:to_s).to_json } #! key-in-response
get('/5') { options.values_at(:region, :secret).join(' ') } #! key-in-response
get('/6') { options.each_with_object([]) { |(k, v), acc| acc << "#{k}=#{v}" }.join('&') } #! key-in-response
get('/7') { options.map { |k, v| [k, k == :secret ? '[FILTERED]' : v] }.to_h.to_json }
get('/8') { options.fetch(:secret) { 'none' } } #! key-in-response
get('/10') { options.then { |o| o[:secret] } } #! key-in-response
get('/11') { options.tap { |o| o.delete(:secret) }.to_json }
get('/12') { JSON.pretty_generate(options) } #! key-in-response
get('/13') { options.sum { |_, v| v.to_s.size }.to_s }
get('/14') { options.filter_map { |k, v| v if k == :region }.first }
get('/15') { options.key?(:secret).to_s }
get('/16') { options.keys.inspect }
get('/17') { options.compact.count.to_s }
get('/18') { options.transform_values { |v| v.to_s.size }.to_json }
get('/19') { format('%<region>s %<secret>s', options) } #! key-in-response
get('/20') { format('%<region>s', options) }
get('/21') { '%s/%s' % [options[:region], options[:retries]] }
get('/22') { '%s/%s' % options.values_at(:region, :secret) } #! key-in-response
get('/23') { options.dig(:secret).to_s.chars.first(2).join + '…' }
get('/24') { options.inject('') { |s, (k, v)| s + "#{k}:#{v};" } } #! key-in-response

