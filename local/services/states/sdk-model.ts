import { createRequire } from 'node:module';
import type { JsonObject } from '../../kernel/kernel.ts';
import { isObject } from './json.ts';

/** What a member of a request holds; `ANY` is checked by nobody before it is sent: bytes, times, documents, attributes of an item. */
export type Shape =
  | { readonly kind: 'STRING' | 'INTEGER' | 'BOOLEAN' | 'ANY' }
  | { readonly kind: 'LIST' | 'MAP'; readonly of: Shape }
  | Structure;

/** Members by the names that Step Functions gives them. */
export interface Structure {
  readonly kind: 'STRUCTURE';
  readonly name: string;
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  /** The service's own name for it. */
  readonly name: string;
  readonly required: boolean;
  readonly shape: () => Shape;
}

const ANY: Shape = { kind: 'ANY' };
/** Step Functions was never seen to refuse what an attribute of an item holds. */
const UNCHECKED: ReadonlySet<string> = new Set(['AttributeValue']);
const requireSdk = createRequire(import.meta.url);

/**
 * What an operation takes, as AWS's own model of it has it: that of the SDK for JavaScript, whose clients carry it with them.
 * @param client the end of the client's package, `dynamodb`
 * @returns undefined where the client has no such operation
 */
export function inputOf(client: string, operation: string): Structure | undefined {
  const commands = requireSdk(`@aws-sdk/client-${client}`) as Record<
    string,
    (new (input: object) => { schema?: readonly unknown[] }) | undefined
  >;
  const Command = commands[`${operation}Command`];
  if (Command === undefined) return undefined;
  const schema = new Command({}).schema?.[4];
  const shape = schema === undefined ? ANY : shapeOf(schema);
  if (shape.kind === 'STRUCTURE') return shape;
  // An operation that takes nothing is modelled as a unit.
  return { kind: 'STRUCTURE', name: operation, members: new Map() };
}

const [STRING, BOOLEAN, NUMBER, LIST_OF, MAP_OF] = [0, 2, 1, 64, 128];

/** The SDK's schemas: a number for what is simple, else `[kind, namespace, name, traits, …]`; one with traits of its own stands first in a pair. */
function shapeOf(given: unknown): Shape {
  const schema = typeof given === 'function' ? (given() as unknown) : given;
  if (typeof schema === 'number') return simple(schema);
  if (!Array.isArray(schema)) return ANY;
  const [kind, , name, , first, second] = schema as [unknown, unknown, string, unknown, unknown, unknown];
  if (typeof kind !== 'number' || schema.length === 2) return shapeOf(kind);
  if (kind === 0) return shapeOf(first);
  if (kind === 1) return { kind: 'LIST', of: shapeOf(first) };
  if (kind === 2) return { kind: 'MAP', of: shapeOf(second) };
  if ((kind !== 3 && kind !== 4) || UNCHECKED.has(name)) return ANY;
  const shapes = second as readonly unknown[];
  const requiredCount = Number((schema as readonly unknown[])[6] ?? 0);
  const members = (first as readonly string[]).map((own, index): [string, Member] => {
    let shape: Shape | undefined;
    return [
      javaName(own),
      {
        name: own,
        required: index < requiredCount,
        shape: () => {
          shape ??= shapeOf(shapes[index]);
          return shape;
        },
      },
    ];
  });
  return { kind: 'STRUCTURE', name, members: new Map(members) };
}

function simple(schema: number): Shape {
  if (schema >= MAP_OF) return { kind: 'MAP', of: simple(schema - MAP_OF) };
  if (schema >= LIST_OF) return { kind: 'LIST', of: simple(schema - LIST_OF) };
  if (schema === STRING) return { kind: 'STRING' };
  if (schema === NUMBER) return { kind: 'INTEGER' };
  return schema === BOOLEAN ? { kind: 'BOOLEAN' } : ANY;
}

/**
 * A name as the SDK for Java has it, with a capital in front, as Step Functions does
 * (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html): of what stands in capitals at the beginning only
 * the first stays one, as in `Md5OfMessageBody`, which was recorded.
 */
export function javaName(name: string): string {
  const capitals = /^[A-Z]{2,}(?=[A-Z][a-z]|[^A-Za-z]|$)/.exec(name)?.[0] ?? '';
  const rest = name.slice(capitals.length);
  return capitals === '' ? name.charAt(0).toUpperCase() + name.slice(1) : capitals.charAt(0) + capitals.slice(1).toLowerCase() + rest;
}

/** Arguments by the names that the service has for them. What the model does not know stays as it is. */
export function inOwnNames(given: JsonObject, { members }: Structure): JsonObject {
  const renamed = Object.entries(given).map(([name, value]) => {
    const member = members.get(name);
    return member === undefined ? [name, value] : [member.name, ownNamesIn(value, member.shape())];
  });
  return Object.fromEntries(renamed) as JsonObject;
}

function ownNamesIn(value: unknown, shape: Shape): unknown {
  if (shape.kind === 'LIST' && Array.isArray(value)) return value.map((item) => ownNamesIn(item, shape.of));
  return shape.kind === 'STRUCTURE' && isObject(value) ? inOwnNames(value, shape) : value;
}
