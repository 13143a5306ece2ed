require 'English'
require 'open3'

module Deployment
  module_function

  def token
    ENV.fetch('DEPLOY_TOKEN')
  end

  def announce(stage)
    system({ 'ANNOUNCE_TOKEN' => token }, 'announce', '--stage', stage)
  end

  def push(version)
    output, status = Open3.capture2e("push --fields-from-stdin #{version}", stdin_data: "Authorization: Bearer #{token}")
    raise output unless status.success?
  end

  def check
    `check`
    $CHILD_STATUS.success?
  end
end

Deployment.announce('begin')
Deployment.push('1.4')
environment = { 'WATCH_TOKEN' => Deployment.token }
pid = Process.spawn(environment, 'watch', out: File::NULL)
Process.wait(pid)
abort 'not deployed' unless Deployment.check
