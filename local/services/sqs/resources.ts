import { numberProperty, physicalName, type ResourceHandler, refuseUnknown, unsupported } from '../../template/resource.ts';
import { arnOf } from './queue-arn.ts';
import { MESSAGE_SIZE_DEFAULT, type SqsService } from './sqs-service.ts';

/** `AWS::SQS::Queue`: standard queues. */
export function queueHandler(sqs: SqsService): ResourceHandler {
  return {
    type: 'AWS::SQS::Queue',
    honoured: [
      'QueueName',
      'VisibilityTimeout',
      'DelaySeconds',
      'MessageRetentionPeriod',
      'MaximumMessageSize',
      'ReceiveMessageWaitTimeSeconds',
      'RedrivePolicy',
    ],
    inert: {
      KmsMasterKeyId: 'nothing is encrypted here',
      KmsDataKeyReusePeriodSeconds: 'nothing is encrypted here',
      SqsManagedSseEnabled: 'nothing is encrypted here',
      RedriveAllowPolicy: 'every caller on this machine may do everything',
      Tags: 'nothing reads tags',
    },
    provision(resource, { baseUrl }) {
      const { properties } = resource;
      if (String(properties.QueueName ?? '').endsWith('.fifo'))
        throw unsupported(resource, 'FIFO queues are not supported by the embedded cloud');
      const name = physicalName(resource, properties.QueueName, 80);
      const redrive = properties.RedrivePolicy as { deadLetterTargetArn?: string; maxReceiveCount?: number } | undefined;
      refuseUnknown(resource, 'RedrivePolicy', redrive, ['deadLetterTargetArn', 'maxReceiveCount']);
      const number = (key: string, fallback: number) => numberProperty(resource, key, properties[key], fallback);
      sqs.createQueue(
        {
          name,
          visibilityTimeout: number('VisibilityTimeout', 30),
          delay: number('DelaySeconds', 0),
          retention: number('MessageRetentionPeriod', 345_600),
          maximumMessageSize: number('MaximumMessageSize', MESSAGE_SIZE_DEFAULT),
          receiveWait: number('ReceiveMessageWaitTimeSeconds', 0),
          ...(redrive?.deadLetterTargetArn !== undefined && {
            redrive: {
              deadLetterArn: redrive.deadLetterTargetArn,
              maxReceiveCount: numberProperty(resource, 'RedrivePolicy.maxReceiveCount', redrive.maxReceiveCount, 1),
            },
          }),
        },
        baseUrl,
      );
      return { ref: sqs.url(name), attributes: { Arn: arnOf(name), QueueName: name, QueueUrl: sqs.url(name) } };
    },
  };
}
