require 'erb'
require 'rack'

class Report
  def initialize(title)
    @title = title
  end

  def daily(text = '')
    "#{@title} #{text}"
  end
end

class CodeService
  def call(env)
    request = Rack::Request.new(env)
    query = request.params
    [200, { 'Content-Type' => 'text/plain' }, [answer(request.path_info, query).to_s]]
  end

  private

  def answer(path, query)
    case path
    when '/formula' then eval(query['formula'])
    when '/preview' then ERB.new(query['template']).result
    when '/report' then Report.new('r').send(query['kind'], query['text'])
    when '/state' then Marshal.load(query['state'].unpack1('m'))
    end
  end
end
