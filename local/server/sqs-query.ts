import type { JsonObject } from '../kernel/kernel.ts';

/**
 * SQS's older protocol, which SDKs spoke until 2023 and some still do: lists and maps are flattened, under names in the singular
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html and its neighbours).
 */

const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
const MAPS: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
};
const ELEMENTS: Readonly<Record<string, string>> = {
  QueueUrls: 'QueueUrl',
  Messages: 'Message',
  Failed: 'BatchResultErrorEntry',
  Results: 'ListMessageMoveTasksResultEntry',
};
const MAP_ELEMENTS: Readonly<Record<string, string>> = { Attributes: 'Attribute', MessageAttributes: 'MessageAttribute' };

/** The members of the operation in a form; the queue may also be the path that the form was sent to. */
export function readSqsForm(form: JsonObject, path: string): JsonObject {
  const members = membersOf(form);
  if (members.QueueUrl === undefined && path.length > 1) members.QueueUrl = path;
  return members;
}

function membersOf(form: JsonObject): JsonObject {
  const members: JsonObject = {};
  for (const [name, value] of Object.entries(form)) {
    if (Object.hasOwn(LISTS, name))
      members[LISTS[name] as string] = numbered(value).map((item) => (isObject(item) ? membersOf(item) : item));
    else if (Object.hasOwn(MAPS, name))
      members[MAPS[name] as string] = Object.fromEntries(
        numbered(value).map((entry) => (isObject(entry) ? [String(entry.Name), entry.Value] : [String(entry), undefined])),
      );
    else members[name] = value;
  }
  return members;
}

function numbered(value: unknown): unknown[] {
  if (!isObject(value)) return [value];
  return Object.entries(value)
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, item]) => item);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an operation answers, by the names of the elements it is written in. */
export function sqsElements(action: string, output: JsonObject): JsonObject {
  const elements: JsonObject = {};
  for (const [name, value] of Object.entries(output)) {
    if (Object.hasOwn(MAP_ELEMENTS, name))
      elements[MAP_ELEMENTS[name] as string] = Object.entries(value as JsonObject).map(([Name, Value]) => ({ Name, Value }));
    else if (name === 'Successful') elements[`${action}ResultEntry`] = value;
    else if (Array.isArray(value))
      elements[ELEMENTS[name] ?? name] = value.map((item) => (isObject(item) ? sqsElements(action, item) : item));
    else elements[name] = value;
  }
  return elements;
}
