require 'English'
require 'open3'

module Deployment
  module_function

  def token
    ENV.fetch('DEPLOY_TOKEN')
  end

  def announce(stage)
    system('announce', '--stage', stage, '--token', token)
  end

  def push(version)
    output, status = Open3.capture2e("push --header 'Authorization: Bearer #{token}' #{version}")
    raise output unless status.success?
  end

  def check
    `check --key=#{ENV['DEPLOY_TOKEN']}`
    $CHILD_STATUS.success?
  end
end

Deployment.announce('begin')
Deployment.push('1.4')
pid = Process.spawn('watch', *['--token', Deployment.token], out: File::NULL)
Process.wait(pid)
abort 'not deployed' unless Deployment.check
