require 'open3'
Open3.capture2('docker', 'login', '--username', 'ci', '--password-stdin', stdin_data: ENV['REGISTRY_PASSWORD'])
