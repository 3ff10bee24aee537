import { physicalName, type ResourceHandler, unsupported } from '../../template/resource.ts';
import type { SsmService } from './ssm-service.ts';

export function parameterHandler(ssm: SsmService): ResourceHandler {
  return {
    type: 'AWS::SSM::Parameter',
    honoured: ['Name', 'Type', 'Value'],
    inert: {
      AllowedPattern: 'values are checked by whoever reads them',
      DataType: 'every value is text here',
      Description: 'only shown in consoles',
      Tags: 'nothing reads tags',
      Tier: 'there is no price here',
    },
    provision(resource) {
      const type = String(resource.properties.Type);
      if (type !== 'String' && type !== 'StringList')
        throw unsupported(resource, `parameter type ${type} is not supported by the embedded cloud`);
      const name = physicalName(resource, resource.properties.Name, 1011);
      const value = String(resource.properties.Value);
      ssm.declare(name, type, value);
      return { ref: name, attributes: { Type: type, Value: value } };
    },
  };
}
