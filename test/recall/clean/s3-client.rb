require 'aws-sdk-s3'
s3 = Aws::S3::Client.new(access_key_id: ENV['AWS_ACCESS_KEY_ID'], secret_access_key: ENV['AWS_SECRET_ACCESS_KEY'], region: 'eu-west-1')
s3.list_buckets.buckets.each { |bucket| puts bucket.name }
