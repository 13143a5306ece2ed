TOKEN = ENV['WORKER_TOKEN'] #! key-constant
at_exit { $stderr.puts "bye #{TOKEN}" } #! key-in-log
trap('USR1') { puts "token=#{TOKEN}" } #! key-in-log
sleep
