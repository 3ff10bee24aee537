import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ARN_MAX, type Environment, type Operation } from './environment.ts';
import { checkArn, Request } from './request.ts';
import { readKeys, readTags } from './tags.ts';
import { isVersionNumber, parseMachineArn } from './versions.ts';

export const TAG_OPERATIONS: Readonly<Record<string, Operation>> = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

/** A state machine's ARN, or an activity's. Versions and aliases have no tags, as recorded. Throws `ResourceNotFound` and `InvalidArn`. */
function tagged({ machines, activities }: Environment, request: Request): string {
  const arn = checkArn(request.text('resourceArn', ARN_MAX));
  const kind = arn.split(':')[5] ?? '';
  if (kind !== 'stateMachine' && kind !== 'activity')
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${kind}'`);
  if (machines.row(arn) === undefined && activities.find(arn) === undefined)
    throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, 400, { resourceName: arn });
  return arn;
}

function tagResource(environment: Environment, input: JsonObject): unknown {
  const arn = tagged(environment, new Request(input, ['resourceArn', 'tags']));
  environment.tags.add(arn, readTags(input.tags, arn));
  return {};
}

function untagResource(environment: Environment, input: JsonObject): unknown {
  const arn = tagged(environment, new Request(input, ['resourceArn', 'tagKeys']));
  environment.tags.remove(arn, readKeys(input.tagKeys));
  return {};
}

function listTagsForResource(environment: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['resourceArn']);
  const { machine, qualifier } = parseMachineArn(request.text('resourceArn', ARN_MAX)) ?? {};
  // Recorded, in `control_lifecycle.json` of radkawar/stackd: a version can be asked, and has none.
  if (machine !== undefined && isVersionNumber(qualifier) && environment.versions.version(machine, Number(qualifier)) !== undefined)
    return { tags: [] };
  return { tags: environment.tags.of(tagged(environment, request)) };
}
