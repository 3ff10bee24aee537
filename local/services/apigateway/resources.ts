import { createHash } from 'node:crypto';
import { type Resource, type ResourceHandler, unsupported } from '../../template/resource.ts';
import { functionNameOf } from '../lambda/lambda-service.ts';
import type { ApiGatewayService } from './apigateway-service.ts';
import { type Authorizer, isIdentitySource } from './authorize.ts';

/** The HTTP API resource types. Integrations and authorizers are looked up by the routes that name them. */
export function apiHandlers(gateway: ApiGatewayService): ResourceHandler[] {
  const integrations = new Map<string, string>();
  const authorizers = new Map<string, Authorizer>();
  return [
    apiHandler(gateway),
    integrationHandler(integrations),
    authorizerHandler(authorizers),
    routeHandler(gateway, integrations, authorizers),
    {
      type: 'AWS::ApiGatewayV2::Stage',
      honoured: ['ApiId', 'StageName'],
      inert: {
        AccessLogSettings: 'requests are not logged here',
        AutoDeploy: 'the template is what runs',
        DefaultRouteSettings: 'requests are not throttled here',
        DeploymentId: 'the template is what runs',
        Description: 'nothing reads it',
        RouteSettings: 'requests are not throttled here',
        Tags: 'nothing reads tags',
      },
      provision: ({ properties }) => ({ ref: String(properties.StageName) }),
    },
  ];
}

function apiHandler(gateway: ApiGatewayService): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Api',
    honoured: ['Name', 'ProtocolType'],
    inert: {
      CorsConfiguration: 'only browsers of other origins ask for it',
      Description: 'nothing reads it',
      DisableExecuteApiEndpoint: 'there is one way in',
      Tags: 'nothing reads tags',
    },
    provision(resource, { baseUrl }) {
      if (resource.properties.ProtocolType !== 'HTTP') throw unsupported(resource, 'only HTTP APIs are supported by the embedded cloud');
      const id = shortId(resource);
      gateway.createApi(id, String(resource.properties.Name));
      return { ref: id, attributes: { ApiEndpoint: `${baseUrl}/api`, ApiId: id } };
    },
  };
}

function integrationHandler(integrations: Map<string, string>): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    honoured: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion'],
    inert: {
      CredentialsArn: 'every caller on this machine may do everything',
      Description: 'nothing reads it',
      IntegrationMethod: 'functions are always invoked by POST',
      TimeoutInMillis: 'a function takes no time here',
    },
    provision(resource) {
      const { IntegrationType: type, IntegrationUri: uri, PayloadFormatVersion: version } = resource.properties;
      if (type !== 'AWS_PROXY' || version !== '2.0')
        throw unsupported(resource, 'only Lambda proxy integrations with payload format 2.0 are supported');
      const functionArn = /(arn:aws:lambda:[^/]*)/.exec(String(uri))?.[1] ?? String(uri);
      const id = shortId(resource);
      integrations.set(id, functionNameOf(functionArn));
      return { ref: id, attributes: { IntegrationId: id } };
    },
  };
}

function authorizerHandler(authorizers: Map<string, Authorizer>): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Authorizer',
    honoured: ['ApiId', 'AuthorizerType', 'IdentitySource', 'JwtConfiguration', 'Name'],
    provision(resource) {
      const { properties } = resource;
      if (properties.AuthorizerType !== 'JWT')
        throw unsupported(resource, `authorizer type ${String(properties.AuthorizerType)} is not supported by the embedded cloud`);
      const sources = [properties.IdentitySource ?? []].flat().map(String);
      const foreign = sources.find((source) => !isIdentitySource(source));
      if (foreign !== undefined) throw unsupported(resource, `identity source ${foreign} is no header or query parameter`);
      const jwt = (properties.JwtConfiguration ?? {}) as { Issuer?: string; Audience?: string[] };
      const id = shortId(resource);
      authorizers.set(id, {
        type: 'JWT',
        ...(jwt.Issuer !== undefined && { issuer: jwt.Issuer }),
        ...(jwt.Audience !== undefined && { audience: jwt.Audience }),
        ...(sources.length > 0 && { identitySource: sources }),
      });
      return { ref: id, attributes: { AuthorizerId: id } };
    },
  };
}

function routeHandler(
  gateway: ApiGatewayService,
  integrations: ReadonlyMap<string, string>,
  authorizers: ReadonlyMap<string, Authorizer>,
): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Route',
    honoured: ['ApiId', 'AuthorizationScopes', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target'],
    inert: { OperationName: 'nothing reads it' },
    provision(resource) {
      const { properties } = resource;
      const functionName = integrations.get(String(properties.Target).replace('integrations/', ''));
      if (functionName === undefined) throw unsupported(resource, `its target ${String(properties.Target)} is no integration`);
      gateway.addRoute(String(properties.ApiId), String(properties.RouteKey), {
        functionName,
        authorizer: authorizerOf(resource, authorizers),
      });
      return { ref: shortId(resource), attributes: { RouteId: shortId(resource) } };
    },
  };
}

function authorizerOf(resource: Resource, authorizers: ReadonlyMap<string, Authorizer>): Authorizer {
  const { AuthorizationType: type = 'NONE', AuthorizerId: id, AuthorizationScopes: scopes } = resource.properties;
  if (type === 'NONE' || type === 'AWS_IAM') return { type };
  const authorizer = authorizers.get(String(id));
  if (type !== 'JWT' || authorizer === undefined)
    throw unsupported(resource, `authorization type ${String(type)} is not supported by the embedded cloud`);
  return { ...authorizer, ...(Array.isArray(scopes) && { scopes: scopes.map(String) }) };
}

/** Ten characters, as API Gateway's ids, and the same at every start. */
function shortId(resource: Resource): string {
  const hash = createHash('sha256').update(`${resource.stack}/${resource.logicalId}`).digest('hex');
  return BigInt(`0x${hash.slice(0, 15)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
}
