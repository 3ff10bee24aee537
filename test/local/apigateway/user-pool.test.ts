import { Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, HttpSqsIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { GatewayVpcEndpointAwsService, type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

it('lets the users of a pool in by tokens of the local issuer, to a function in a network', async () => {
  // Prepare
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: true });
    vpc.addGatewayEndpoint('Tables', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    const fn = new Lambda(stack, 'Who', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => event.requestContext.authorizer.jwt.claims'),
      vpc: vpc as IVpc,
    });
    const pool = new UserPool(stack, 'Pool', { selfSignUpEnabled: true });
    const client = pool.addClient('Web');
    pool.addDomain('Domain', { cognitoDomain: { domainPrefix: 'app' } });
    const defaultAuthorizer = new HttpUserPoolAuthorizer('Users', pool, { userPoolClients: [client] });
    const api = new HttpApi(stack, 'Api', { defaultAuthorizer });
    api.addRoutes({ path: '/who', methods: [HttpMethod.GET], integration: new HttpLambdaIntegration('Integration', fn) });
  });
  const cloud = await startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 1, authorization: true });

  // Act
  const { access_token: token } = cloud.services.apigateway.issueToken({ subject: 'anna' });
  const answers = [];
  for (const headers of [{}, { authorization: `Bearer ${token}` }]) answers.push(await cloud.fetchApi('GET', '/who', undefined, headers));

  // Assess
  const iss = expect.stringMatching(/^https:\/\/cognito-idp\.us-east-1\.amazonaws\.com\/us-east-1_[0-9a-z]{9}$/);
  expect(answers).toMatchObject([{ status: 401 }, { status: 200, json: { sub: 'anna', iss } }]);
  await cloud.close();
});

it('refuses what it does not do of an HTTP API, by name', async () => {
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const api = new HttpApi(stack, 'Api');
    const queue = new Queue(stack, 'Queue');
    const fn = new Lambda(stack, 'F', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = 0'),
    });
    const authorizer = new HttpLambdaAuthorizer('Own', fn);
    const integration = new HttpLambdaIntegration('ToFunction', fn);
    api.addRoutes({ path: '/queue', methods: [HttpMethod.POST], integration: new HttpSqsIntegration('ToQueue', { queue }) });
    api.addRoutes({ path: '/function', methods: [HttpMethod.POST], integration, authorizer });
  });
  await expect(startCloud({ assembly })).rejects.toThrow(
    /ToQueue.*: integration subtype SQS-SendMessage is not supported .*\n.*Own.*: authorizer type REQUEST is not supported by the embedded cloud\.$/,
  );
});
