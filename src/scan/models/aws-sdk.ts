import { named, onUnlessFalse, verifiesWhenTrue } from '../http-options.ts'
import type { Model, OptionModel } from '../model.ts'

const services = [
  ...['ACM', 'ACMPCA', 'APIGateway', 'AppConfig', 'Athena', 'AutoScaling', 'Backup', 'Batch', 'Bedrock'],
  ...['BedrockRuntime', 'CloudFormation', 'CloudFront', 'CloudTrail', 'CloudWatch', 'CloudWatchLogs', 'CodeBuild'],
  ...['CodePipeline', 'CognitoIdentityProvider', 'Comprehend', 'CostExplorer', 'DatabaseMigrationService'],
  ...['DynamoDB', 'EC2', 'ECR', 'ECS', 'EFS', 'EKS', 'ElastiCache', 'ElasticLoadBalancingV2', 'EventBridge'],
  ...['Firehose', 'Glacier', 'Glue', 'IAM', 'IoT', 'IoTDataPlane', 'KMS', 'Kinesis', 'Lambda', 'Lex', 'Lightsail'],
  ...['OpenSearchService', 'Organizations', 'Pinpoint', 'Polly', 'RDS', 'Redshift', 'Rekognition', 'Route53', 'S3'],
  ...['SES', 'SESV2', 'SNS', 'SQS', 'SSM', 'STS', 'SageMaker', 'SecretsManager', 'SimpleDB', 'StepFunctions'],
  ...['States', 'Textract', 'Transcribe', 'Translate', 'WAFV2', 'XRay'],
]

const settings: readonly OptionModel[] = [
  named('baseUrl', 'endpoint'),
  named('verification', 'ssl_verify_peer', verifiesWhenTrue),
  named('debugOutput', 'http_wire_trace', onUnlessFalse),
  named('openTimeout', 'http_open_timeout'),
  named('readTimeout', 'http_read_timeout'),
  named('proxy', 'http_proxy'),
]
const defaults = { openTimeout: 15, readTimeout: 60 }

/** The secret signs requests and is not among them: another endpoint sees the signature only. */
export const awsSdk: Model = {
  id: 'aws-sdk',
  title: 'AWS SDK',
  calls: [
    {
      on: services.flatMap((name) => [`Aws::${name}::Client`, `Aws::${name}::Resource`]),
      names: ['new'],
      type: 'aws client',
      options: settings,
      defaults,
    },
    { on: ['Aws::Credentials'], names: ['new'], type: 'aws credentials' },
    { on: ['Aws'], names: ['config'], part: true, type: 'aws configuration' },
    { on: ['aws configuration'], names: ['update', 'merge!', '[]='], options: settings },
  ],
  documentation: 'https://docs.aws.amazon.com/sdk-for-ruby/v3/api/',
}
