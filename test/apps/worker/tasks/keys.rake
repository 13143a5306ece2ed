# frozen_string_literal: true

desc 'Shows how the service is set up'
task :show do
  %w[REGION SENDGRID_API_KEY SENDGRID_KEY_PATH].each do |name|
    puts "#{name}=#{ENV[name]}"
  end
end

desc 'Refuses to start without keys'
task :check do
  abort 'SENDGRID_API_KEY is missing' if ENV['SENDGRID_API_KEY'].to_s.empty?
end
