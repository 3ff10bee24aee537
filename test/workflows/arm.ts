/**
 * Arm: how a machine waits (docs/protocol.md, section 3). Every wait of every machine is this text to the letter; only its name and comment
 * differ. It passes only for the execution that owns the case and only while no fact came after the decision, and everything that ends
 * it leads to a decision: success, the deadline, a refused condition. `States.ALL` has no place here: it would hide a fault of ours as
 * a wake-up.
 */
export const ARM = {
  Type: 'Task',
  Resource: `arn:\${Partition}:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken`,
  Arguments: {
    TableName: `\${Cases}`,
    Key: { pk: { S: "{% 'ACCOUNT#' & $turn.accountId %}" }, sk: { S: '#HEAD' } },
    UpdateExpression: 'SET waitToken = :token, waitSignals = :signals, waitUntil = :until, waits = :next, sweepAt = :sweepAt',
    ConditionExpression: 'caseStatus = :open AND execN = :execN AND signals = :signals AND waits = :waits',
    ExpressionAttributeValues: {
      ':token': { S: '{% $states.context.Task.Token %}' },
      ':open': { S: 'open' },
      ':execN': { N: '{% $string($turn.execN) %}' },
      ':signals': { N: '{% $string($turn.signals) %}' },
      ':waits': { N: '{% $string($turn.waits) %}' },
      ':next': { N: '{% $string($turn.waits + 1) %}' },
      ':until': { S: '{% $until %}' },
      ':sweepAt': { S: '{% $fromMillis($toMillis($until) + 900000) %}' },
    },
  },
  TimeoutSeconds: '{% $max([1, $ceil(($toMillis($until) - $toMillis($states.context.State.EnteredTime)) / 1000)]) %}',
  Retry: [
    {
      ErrorEquals: [
        'DynamoDb.TransactionConflictException',
        'DynamoDb.ThrottlingException',
        'DynamoDb.ProvisionedThroughputExceededException',
        'DynamoDb.RequestLimitExceededException',
        'DynamoDb.InternalServerErrorException',
        'DynamoDb.SdkClientException',
      ],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      JitterStrategy: 'FULL',
      MaxAttempts: 8,
    },
  ],
  Catch: [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException', 'States.Timeout'], Next: 'Decide what is due' }],
  Output: {},
  Next: 'Decide what is due',
};
