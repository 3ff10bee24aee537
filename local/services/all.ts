import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceHandler } from '../template/resource.ts';
import { ApiGatewayService } from './apigateway/apigateway-service.ts';
import type { AuthorizationOptions } from './apigateway/authorize.ts';
import { apiHandlers } from './apigateway/resources.ts';
import { CloudFormationService } from './cloudformation/cloudformation-service.ts';
import { DeliveryRules } from './delivery/delivery-rules.ts';
import { DynamoDbService } from './dynamodb/dynamodb-service.ts';
import { tableHandlers } from './dynamodb/resources.ts';
import { EventsService } from './events/events-service.ts';
import { eventsHandlers } from './events/resources.ts';
import { eventSourceHandler } from './lambda/event-source-resources.ts';
import { LambdaService } from './lambda/lambda-service.ts';
import { functionHandlers } from './lambda/resources.ts';
import { LogsService } from './logs/logs-service.ts';
import { subscriptionFilterHandler } from './logs/resources.ts';
import { Outbox } from './outbox/outbox.ts';
import { deploymentHandler } from './s3/deployment-resources.ts';
import { notificationsHandler } from './s3/notification-resources.ts';
import { bucketHandler } from './s3/resources.ts';
import { S3Service } from './s3/s3-service.ts';
import { scheduleHandler } from './scheduler/resources.ts';
import { SchedulerService } from './scheduler/scheduler-service.ts';
import { sesHandlers } from './ses/resources.ts';
import { SesService } from './ses/ses-service.ts';
import { snsHandlers } from './sns/resources.ts';
import { SnsService } from './sns/sns-service.ts';
import { queueHandler } from './sqs/resources.ts';
import { SqsService } from './sqs/sqs-service.ts';
import { parameterHandler } from './ssm/resources.ts';
import { SsmService } from './ssm/ssm-service.ts';
import { statesHandlers } from './states/resources.ts';
import { StatesService } from './states/service.ts';

/** Every service of the cloud, registered with the kernel; and what they share. */
export interface Services {
  readonly apigateway: ApiGatewayService;
  readonly cloudformation: CloudFormationService;
  readonly delivery: DeliveryRules;
  readonly dynamodb: DynamoDbService;
  readonly events: EventsService;
  readonly lambda: LambdaService;
  readonly logs: LogsService;
  readonly outbox: Outbox;
  readonly s3: S3Service;
  readonly scheduler: SchedulerService;
  readonly ses: SesService;
  readonly sns: SnsService;
  readonly sqs: SqsService;
  readonly ssm: SsmService;
  readonly states: StatesService;
}

export interface ServiceOptions extends AuthorizationOptions {
  /** Real milliseconds after which a function that never settles is given up. */
  readonly watchdogMilliseconds?: number;
}

export function makeServices(kernel: Kernel, options: ServiceOptions = {}): Services {
  const outbox = new Outbox(kernel);
  const delivery = new DeliveryRules(kernel);
  const events = new EventsService(kernel);
  const lambda = new LambdaService(kernel, options);
  const logs = new LogsService(kernel, () => lambda.logGroups());
  const services: Services = {
    apigateway: new ApiGatewayService(kernel, options),
    cloudformation: new CloudFormationService(kernel),
    delivery,
    dynamodb: new DynamoDbService(kernel),
    events,
    lambda,
    logs,
    outbox,
    s3: new S3Service(kernel, (...event) => events.putServiceEvent(...event)),
    scheduler: new SchedulerService(kernel),
    ses: new SesService(kernel, outbox, delivery),
    sns: new SnsService(kernel, outbox, delivery, logs),
    sqs: new SqsService(kernel),
    ssm: new SsmService(kernel),
    states: new StatesService({
      kernel,
      onStatusChange: (detail) =>
        events.putServiceEvent('aws.states', 'Step Functions Execution Status Change', { ...detail }, [detail.executionArn]),
    }),
  };
  for (const service of Object.values(services)) if (service !== outbox && service !== delivery) kernel.register(service);
  return services;
}

/** How each resource type of the template is made, next to the inert ones. */
export function resourceHandlers(services: Services): ResourceHandler[] {
  const { dynamodb, lambda, sqs } = services;
  return [
    ...apiHandlers(services.apigateway),
    ...tableHandlers(dynamodb),
    ...eventsHandlers(services.events),
    ...functionHandlers(lambda),
    subscriptionFilterHandler(services.logs),
    eventSourceHandler(lambda, sqs, dynamodb),
    bucketHandler(services.s3),
    notificationsHandler(services.s3),
    deploymentHandler(services.s3),
    scheduleHandler(services.scheduler),
    ...sesHandlers(services.ses),
    ...snsHandlers(services.sns),
    queueHandler(sqs),
    parameterHandler(services.ssm),
    ...statesHandlers(services.states),
  ];
}
