require 'rake'
task :backup do
  system('mysqldump', '-u', 'root', "--password=#{ENV['DB_PASSWORD']}", 'app') #! key-in-command
end
