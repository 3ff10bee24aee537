import { ACCOUNT, REGION } from './intrinsics.ts';
import { type Provisioned, physicalName, type Resource } from './resource.ts';

const NO_PERMISSIONS = 'every caller on this machine may do everything';
const NO_KEYS = 'what is stored lies in one local file, not encrypted by keys of its own';
const NO_METRICS = 'no metrics are published here';
const NO_SCALING = 'calls are not throttled here, so that nothing has to scale';
const NO_LOG_SERVICE = 'function output is kept by the Lambda host, not by a log service';

/** Resource types that only matter on AWS, each with the reason it makes no difference here. `Ref` and `Fn::GetAtt` still answer. */
export const INERT_TYPES: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'usage statistics of CDK',
  'AWS::ApplicationAutoScaling::ScalableTarget': NO_SCALING,
  'AWS::ApplicationAutoScaling::ScalingPolicy': NO_SCALING,
  'AWS::ApplicationInsights::Application': NO_METRICS,
  'AWS::Backup::BackupPlan': 'STATE_DIR is the only copy',
  'AWS::Backup::BackupSelection': 'STATE_DIR is the only copy',
  'AWS::Backup::BackupVault': 'STATE_DIR is the only copy',
  'AWS::CloudWatch::Alarm': NO_METRICS,
  'AWS::CloudWatch::CompositeAlarm': NO_METRICS,
  'AWS::CloudWatch::Dashboard': NO_METRICS,
  'AWS::Events::EventBusPolicy': NO_PERMISSIONS,
  'AWS::IAM::ManagedPolicy': NO_PERMISSIONS,
  'AWS::IAM::Policy': NO_PERMISSIONS,
  'AWS::IAM::Role': NO_PERMISSIONS,
  'AWS::KMS::Alias': NO_KEYS,
  'AWS::KMS::Key': NO_KEYS,
  'AWS::Lambda::Permission': NO_PERMISSIONS,
  'AWS::Logs::LogGroup': NO_LOG_SERVICE,
  'AWS::Logs::LogStream': NO_LOG_SERVICE,
  'AWS::Logs::MetricFilter': NO_METRICS,
  'AWS::Logs::QueryDefinition': NO_LOG_SERVICE,
  'AWS::Logs::ResourcePolicy': NO_PERMISSIONS,
  'AWS::S3::BucketPolicy': NO_PERMISSIONS,
  'AWS::SNS::TopicInlinePolicy': NO_PERMISSIONS,
  'AWS::SNS::TopicPolicy': NO_PERMISSIONS,
  'AWS::SQS::QueuePolicy': NO_PERMISSIONS,
  'AWS::Scheduler::ScheduleGroup': 'a group only names schedules',
  'AWS::XRay::Group': 'no traces are recorded here',
  // What CDK's own constructs do by functions of their own while a stack is deployed or deleted.
  'Custom::CloudwatchLogResourcePolicy': NO_PERMISSIONS,
  'Custom::LogRetention': NO_LOG_SERVICE,
  'Custom::S3AutoDeleteObjects': 'a stack is never deleted here; npm start -- --reset forgets everything',
};

/** The name property of each type whose `Ref` is that name. */
const NAME_PROPERTIES = ['RoleName', 'LogGroupName', 'AliasName', 'AlarmName', 'DashboardName', 'ManagedPolicyName', 'PolicyName', 'Name'];

export function inertResource(resource: Resource): Provisioned {
  const given = NAME_PROPERTIES.map((key) => resource.properties[key]).find((value) => typeof value === 'string');
  const name = physicalName(resource, given);
  const arn = inertArn(resource.type, name);
  return {
    ref: resource.type.endsWith('::ManagedPolicy') ? arn : name,
    attributes: {
      Arn: arn,
      KeyId: name,
      RoleId: name,
      Name: name,
      LogGroupName: name,
      Value: resource.properties.Value ?? '',
      Type: resource.properties.Type ?? '',
    },
  };
}

function inertArn(type: string, name: string): string {
  switch (type) {
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${ACCOUNT}:role/${name}`;
    case 'AWS::IAM::ManagedPolicy':
      return `arn:aws:iam::${ACCOUNT}:policy/${name}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*`;
    case 'AWS::CloudWatch::Alarm':
      return `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`;
    default:
      return `arn:aws:${type.split('::')[1]?.toLowerCase()}:${REGION}:${ACCOUNT}:${name}`;
  }
}
