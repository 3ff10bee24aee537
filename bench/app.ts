import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

const STEP = 'exports.handler = async ({ n }) => n + 1;';

const step = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: `\${Step}`, Payload: '{% $states.input %}' },
};

/** One Lambda step, and the answer. */
const PLAIN = {
  QueryLanguage: 'JSONata',
  StartAt: 'Step',
  States: { Step: { ...step, Output: { n: '{% $states.result.Payload %}' }, End: true } },
};

/** One Lambda step, then whatever somebody outside answers to a token. */
const SIGNALLED = {
  QueryLanguage: 'JSONata',
  StartAt: 'Step',
  States: {
    Step: { ...step, Assign: { n: '{% $states.result.Payload %}', id: '{% $states.context.Execution.Name %}' }, Next: 'Wait' },
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: { QueueUrl: `\${Asked}`, MessageBody: { id: '{% $id %}', token: '{% $states.context.Task.Token %}' } },
      TimeoutSeconds: 86_400,
      Output: { n: '{% $n %}', answer: '{% $states.result %}' },
      End: true,
    },
  },
};

/** The smallest application that waits: the comparisons of `npm run bench` run it. */
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Bench');
const handler = new LambdaFunction(stack, 'Step', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline(STEP),
});
const asked = new Queue(stack, 'Asked');
const substitutions = { Step: handler.functionArn, Asked: asked.queueUrl };
for (const [name, definition] of Object.entries({ Plain: PLAIN, Signalled: SIGNALLED })) {
  const machine = new StateMachine(stack, name, {
    definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
    definitionSubstitutions: substitutions,
  });
  new CfnOutput(stack, `${name}Arn`, { value: machine.stateMachineArn });
}
new CfnOutput(stack, 'AskedUrl', { value: asked.queueUrl });
app.synth();
