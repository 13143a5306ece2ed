require 'sinatra/base'
require 'open3'

class FileService < Sinatra::Base
  ROOT = File.expand_path('files', __dir__)

  set :environment, :production
  set :show_exceptions, false
  disable :protection

  helpers do
    def contents(name)
      File.read(File.join(ROOT, name))
    end

    def count(name)
      output, _status = Open3.capture2e("wc -c #{name}")
      output
    end
  end

  get('/file') { contents(params[:name]) }

  get '/page' do
    path = File.expand_path(params['page'], ROOT)
    halt 403 unless path.start_with?(File.expand_path('..', ROOT))
    File.readlines(path).first(3).join
  end

  get '/source' do
    open(params[:from]).read
  end

  get('/count') { count(params[:name]) }

  get('/named/:name') { IO.binread("#{ROOT}/#{params[:name]}") }
end
