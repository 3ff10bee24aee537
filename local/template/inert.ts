import { ACCOUNT, REGION } from './intrinsics.ts';
import { type Provisioned, physicalName, type Resource } from './resource.ts';

const NO_PERMISSIONS = 'every caller on this machine may do everything';
const NO_KEYS = 'what is stored lies in one local file, not encrypted by keys of its own';
const NO_METRICS = 'no metrics are published here';
const NO_NETWORK = 'functions and services are in one process, with no network between them';
const NO_USERS = 'nobody signs in here: the local issuer hands out tokens for every issuer that an authorizer names';
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
  'AWS::Cognito::UserPool': NO_USERS,
  'AWS::Cognito::UserPoolClient': NO_USERS,
  'AWS::Cognito::UserPoolDomain': NO_USERS,
  'AWS::Cognito::UserPoolGroup': NO_USERS,
  'AWS::Cognito::UserPoolResourceServer': NO_USERS,
  'AWS::EC2::EIP': NO_NETWORK,
  'AWS::EC2::FlowLog': NO_NETWORK,
  'AWS::EC2::InternetGateway': NO_NETWORK,
  'AWS::EC2::NatGateway': NO_NETWORK,
  'AWS::EC2::NetworkAcl': NO_NETWORK,
  'AWS::EC2::NetworkAclEntry': NO_NETWORK,
  'AWS::EC2::Route': NO_NETWORK,
  'AWS::EC2::RouteTable': NO_NETWORK,
  'AWS::EC2::SecurityGroup': NO_NETWORK,
  'AWS::EC2::SecurityGroupEgress': NO_NETWORK,
  'AWS::EC2::SecurityGroupIngress': NO_NETWORK,
  'AWS::EC2::Subnet': NO_NETWORK,
  'AWS::EC2::SubnetNetworkAclAssociation': NO_NETWORK,
  'AWS::EC2::SubnetRouteTableAssociation': NO_NETWORK,
  'AWS::EC2::VPC': NO_NETWORK,
  'AWS::EC2::VPCEndpoint': NO_NETWORK,
  'AWS::EC2::VPCGatewayAttachment': NO_NETWORK,
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
  'Custom::VpcRestrictDefaultSG': NO_NETWORK,
  'Custom::S3AutoDeleteObjects': 'a stack is never deleted here; npm start -- --reset forgets everything',
};

/** The name property of each type whose `Ref` is that name. */
const NAME_PROPERTIES = ['RoleName', 'LogGroupName', 'AliasName', 'AlarmName', 'DashboardName', 'ManagedPolicyName', 'PolicyName', 'Name'];

export function inertResource(resource: Resource): Provisioned {
  const given = NAME_PROPERTIES.map((key) => resource.properties[key]).find((value) => typeof value === 'string');
  const name = resource.type === 'AWS::Cognito::UserPool' ? userPoolId(resource) : physicalName(resource, given);
  const provider = `cognito-idp.${REGION}.amazonaws.com/${name}`;
  const arn = inertArn(resource.type, name);
  return {
    ref: resource.type.endsWith('::ManagedPolicy') ? arn : name,
    attributes: {
      Arn: arn,
      KeyId: name,
      RoleId: name,
      Name: name,
      LogGroupName: name,
      // Of networks and of user pools.
      ...Object.fromEntries(IDENTIFIERS.map((attribute) => [attribute, name])),
      CidrBlock: resource.properties.CidrBlock ?? '',
      ProviderName: provider,
      ProviderURL: `https://${provider}`,
      Value: resource.properties.Value ?? '',
      Type: resource.properties.Type ?? '',
    },
  };
}

const IDENTIFIERS = [
  'AllocationId',
  'ClientId',
  'DefaultSecurityGroup',
  'GroupId',
  'Id',
  'NatGatewayId',
  'RouteTableId',
  'SubnetId',
  'UserPoolId',
  'VpcId',
];

/** `us-east-1_` and nine letters or digits, which authorizers name as part of their issuer. */
function userPoolId(resource: Resource): string {
  return `${REGION}_${physicalName(resource, undefined).slice(-9)}`;
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
    case 'AWS::Cognito::UserPool':
      return `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${name}`;
    case 'AWS::CloudWatch::Alarm':
      return `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`;
    default:
      return `arn:aws:${type.split('::')[1]?.toLowerCase()}:${REGION}:${ACCOUNT}:${name}`;
  }
}
