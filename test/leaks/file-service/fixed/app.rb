require 'sinatra/base'
require 'open3'

class FileService < Sinatra::Base
  ROOT = File.expand_path('files', __dir__)
  NAMES = %w[terms.txt].freeze

  set :environment, :production
  set :show_exceptions, false

  helpers do
    def contents(name)
      halt 404 unless NAMES.include?(name)
      File.read(File.join(ROOT, name))
    end

    def count(name)
      output, _status = Open3.capture2e('wc', '-c', '--', name.to_s)
      output
    end
  end

  get('/file') { contents(params[:name]) }

  get '/page' do
    path = File.expand_path(params['page'], ROOT)
    halt 403 unless path.start_with?("#{ROOT}/")
    halt 404 unless File.file?(path)
    File.readlines(path).first(3).join
  end

  get '/source' do
    path = File.join(ROOT, File.basename(params[:from].to_s))
    halt 404 unless File.file?(path)
    File.open(path, &:read)
  end

  get('/count') { count(params[:name]) }

  get '/named/:name' do
    halt 404 unless NAMES.include?(params[:name])
    File.binread("#{ROOT}/#{params[:name]}")
  end
end
