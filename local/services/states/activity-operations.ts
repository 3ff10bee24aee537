import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { ActivityRow } from './activities.ts';
import { ARN_MAX, type Environment, type Operation } from './environment.ts';
import { checkArn, checkName, pageToken, Request } from './request.ts';
import { readTags } from './tags.ts';

export const ACTIVITY_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateActivity: createActivity,
  DeleteActivity: deleteActivity,
  DescribeActivity: describeActivity,
  ListActivities: listActivities,
  GetActivityTask: getActivityTask,
};

function shown({ arn, name, created }: ActivityRow): JsonObject {
  return { activityArn: arn, name, creationDate: created / 1000 };
}

function checkActivityArn(arn: string): string {
  if (checkArn(arn).split(':')[5] !== 'activity')
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn.split(':')[5] ?? ''}'`);
  return arn;
}

function createActivity({ activities, tags }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['name', 'tags', 'encryptionConfiguration']);
  const name = checkName(request.text('name', 80));
  const arn = `arn:aws:states:${REGION}:${ACCOUNT}:activity:${name}`;
  const given = readTags(input.tags ?? [], arn);
  if (activities.find(arn) === undefined) tags.add(arn, given);
  const { activityArn, creationDate } = shown(activities.put(arn, name));
  return { activityArn, creationDate };
}

function deleteActivity({ activities, tags }: Environment, input: JsonObject): unknown {
  const arn = checkActivityArn(new Request(input, ['activityArn']).text('activityArn', ARN_MAX));
  activities.delete(arn);
  tags.removeAll(arn);
  return {};
}

function describeActivity({ activities }: Environment, input: JsonObject): unknown {
  return shown(activities.get(checkActivityArn(new Request(input, ['activityArn']).text('activityArn', ARN_MAX))));
}

function listActivities({ activities }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['maxResults', 'nextToken']);
  const [size, from] = [request.pageSize(), request.page() ?? 0];
  const rows = activities.rows();
  return {
    activities: rows.slice(from, from + size).map(shown),
    ...(from + size < rows.length ? { nextToken: pageToken(from + size) } : {}),
  };
}

/**
 * A poll without a task is held for a minute of the clock. While a function or a task runs the virtual clock stands, so that its poll
 * would be held for ever: it is answered at once.
 */
function getActivityTask({ activities, engine }: Environment, input: JsonObject, origin: string): unknown {
  const request = new Request(input, ['activityArn', 'workerName']);
  const { arn } = activities.get(checkActivityArn(request.text('activityArn', ARN_MAX)));
  const worker = request.optionalText('workerName', 80);
  return activities.poll(arn, worker === undefined ? undefined : checkName(worker), origin === 'client' || engine.kernel.clock === 'real');
}
