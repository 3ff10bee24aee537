import { UnsupportedError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/kernel.ts';
import type { Template } from './assembly.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** What a `Ref` or `Fn::GetAtt` of a resource answers. */
export interface ResourceValues {
  readonly ref: string;
  attribute(name: string): unknown;
}

export interface Scope {
  readonly stack: string;
  readonly template: Template;
  /** Undefined where the template has no such resource, or its condition is false. */
  resource(logicalId: string): ResourceValues | undefined;
  exported(name: string): unknown;
  /** The value of a parameter of Parameter Store, of one version or the last. */
  parameter(name: string, version: number | undefined): string | undefined;
}

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Evaluates CloudFormation's intrinsic functions
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
 * A function it does not know is an `UnsupportedError`, never passed through.
 */
export class Resolver {
  readonly #scope: Scope;
  readonly #conditions = new Map<string, boolean>();
  /** Where in the template the value stands that is being resolved, as its problems are told; empty for conditions. */
  #place = '';

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** The value with all functions evaluated; members that are `AWS::NoValue` are left out. `place` is named by what goes wrong. */
  resolve(value: unknown, place: string): unknown {
    const before = this.#place;
    this.#place = place;
    try {
      const resolved = this.#resolve(value);
      return resolved === NO_VALUE ? undefined : resolved;
    } finally {
      this.#place = before;
    }
  }

  /** The properties of a resource, each with its functions evaluated. */
  members(properties: JsonObject, owner: string): JsonObject {
    const resolved = Object.entries(properties).map(([name, value]) => [name, this.resolve(value, `${owner}: property ${name}`)] as const);
    return Object.fromEntries(resolved.filter(([, value]) => value !== undefined));
  }

  condition(name: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const body = this.#scope.template.Conditions?.[name];
    if (body === undefined) throw this.#unsupported(`condition ${name} is not defined`);
    const result = this.#truth(body);
    this.#conditions.set(name, result);
    return result;
  }

  #resolve(value: unknown): unknown {
    if (typeof value === 'string') {
      return value.includes('{{resolve:') ? this.#dynamic(value) : value;
    }
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const keys = Object.keys(value);
    const key = keys[0];
    if (keys.length === 1 && key !== undefined && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))) {
      if (key !== 'Condition') return this.#evaluate(key, (value as JsonObject)[key]);
      if (typeof (value as JsonObject)[key] === 'string') return this.condition((value as JsonObject)[key] as string);
    }
    const result: JsonObject = {};
    for (const member of keys) {
      const resolved = this.#resolve((value as JsonObject)[member]);
      if (resolved !== NO_VALUE) result[member] = resolved;
    }
    return result;
  }

  #evaluate(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument));
      case 'Fn::GetAtt': {
        const [logicalId, ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
        return this.#attribute(logicalId ?? '', attribute.join('.'));
      }
      case 'Fn::Join': {
        const [separator, list] = this.#list(argument, name);
        return this.#list(list, name).map(String).join(String(separator));
      }
      case 'Fn::Sub':
        return this.#substitute(argument);
      case 'Fn::Select': {
        const [index, list] = this.#list(argument, name);
        const item = this.#list(list, name)[Number(index)];
        if (item === undefined) throw this.#unsupported(`Fn::Select has no item ${String(index)}`);
        return item;
      }
      case 'Fn::Split': {
        const [separator, text] = this.#list(argument, name);
        return String(text).split(String(separator));
      }
      case 'Fn::FindInMap': {
        const [map, first, second, enhancement] = this.#list(argument, name);
        // Of AWS::LanguageExtensions; CDK writes it for a mapping with a default.
        const fallback = (enhancement as { DefaultValue?: unknown } | undefined)?.DefaultValue;
        const found = this.#scope.template.Mappings?.[String(map)]?.[String(first)]?.[String(second)] ?? fallback;
        if (found === undefined) throw this.#unsupported(`Fn::FindInMap finds nothing at ${[map, first, second].map(String).join('.')}`);
        return found;
      }
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, unknown, unknown];
        return this.#resolve(this.condition(condition) ? yes : no);
      }
      case 'Fn::ImportValue':
        return this.#scope.exported(String(this.#resolve(argument)));
      case 'Fn::Base64':
        return Buffer.from(String(this.#resolve(argument))).toString('base64');
      case 'Fn::GetAZs':
        return [`${REGION}a`, `${REGION}b`];
      case 'Fn::ToJsonString':
        return JSON.stringify(this.#resolve(argument));
      case 'Fn::Length':
        return this.#list(argument, name).length;
      case 'Fn::Equals':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return this.#truth({ [name]: argument });
      default:
        throw this.#unsupported(`intrinsic function ${name}`);
    }
  }

  #truth(body: unknown): boolean {
    if (typeof body === 'boolean') return body;
    const [name, argument] = Object.entries(body as JsonObject)[0] ?? ['', undefined];
    if (name === 'Condition') return this.condition(String(argument));
    const items = argument as unknown[];
    switch (name) {
      case 'Fn::Equals': {
        const [left, right] = this.#list(argument, name);
        return String(left) === String(right);
      }
      case 'Fn::And':
        return items.every((item) => this.#truth(item));
      case 'Fn::Or':
        return items.some((item) => this.#truth(item));
      case 'Fn::Not':
        return !this.#truth(items[0]);
      default:
        throw this.#unsupported(`condition function ${name}`);
    }
  }

  #ref(name: string): unknown {
    switch (name) {
      case 'AWS::AccountId':
        return ACCOUNT;
      case 'AWS::Region':
        return REGION;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.#scope.stack;
      case 'AWS::StackId':
        return stackId(this.#scope.stack);
      case 'AWS::NoValue':
        return NO_VALUE;
      case 'AWS::NotificationARNs':
        return [];
    }
    const parameter = this.#scope.template.Parameters?.[name];
    if (parameter !== undefined) {
      if (parameter.Default === undefined) throw this.#unsupported(`parameter ${name} has no default`);
      const stored = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(parameter.Type)?.[1];
      const value = stored === undefined ? String(parameter.Default) : this.#stored(String(parameter.Default));
      const type = stored ?? parameter.Type;
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html: each member is trimmed.
      return type === 'CommaDelimitedList' || type.startsWith('List<') ? value.split(',').map((item) => item.trim()) : value;
    }
    return this.#resource(name).ref;
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html */
  #dynamic(text: string): string {
    const resolved = text.replaceAll(/\{\{resolve:ssm:([^:}]+)(?::(\d+))?\}\}/g, (_, name: string, version?: string) =>
      this.#stored(name, version),
    );
    if (resolved.includes('{{resolve:')) throw this.#unsupported(`dynamic reference ${text}`);
    return resolved;
  }

  /** A value of Parameter Store, as it is when the stack is made. */
  #stored(name: string, version?: string): string {
    const value = this.#scope.parameter(name, version === undefined ? undefined : Number(version));
    if (value === undefined)
      throw this.#unsupported(
        `Parameter Store holds no ${name}${version === undefined ? '' : ` of version ${version}`}: a stack of this application must declare it before this one`,
      );
    return value;
  }

  #attribute(logicalId: string, attribute: string): unknown {
    const value = this.#resource(logicalId).attribute(attribute);
    if (value === undefined) throw this.#unsupported(`attribute ${logicalId}.${attribute}`);
    return value;
  }

  #resource(logicalId: string): ResourceValues {
    const resource = this.#scope.resource(logicalId);
    if (resource === undefined) throw this.#unsupported(`a reference to ${logicalId}, which does not exist`);
    return resource;
  }

  #substitute(argument: unknown): string {
    const [text, variables] = Array.isArray(argument) ? (argument as [string, JsonObject]) : [String(argument), {} as JsonObject];
    return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (Object.hasOwn(variables, name)) return String(this.#resolve(variables[name]));
      const dot = name.indexOf('.');
      return String(dot < 0 ? this.#ref(name) : this.#attribute(name.slice(0, dot), name.slice(dot + 1)));
    });
  }

  #list(argument: unknown, name: string): unknown[] {
    const list = this.#resolve(argument);
    if (!Array.isArray(list)) throw this.#unsupported(`${name} needs a list`);
    return list;
  }

  #unsupported(what: string): UnsupportedError {
    return new UnsupportedError(`Stack ${this.#scope.stack}: ${this.#place === '' ? '' : `${this.#place}: `}${what}.`);
  }
}

export function stackId(stack: string): string {
  return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stack}/embedded`;
}
