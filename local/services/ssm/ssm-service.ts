import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';

import { assertMembers } from '../members.ts';
import { pageOf } from '../page.ts';

interface ParameterRow {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly changedAt: number;
}

const VALUE_BYTES_MAX = 4096;
const NAMES_MAX = 10;
const PAGE_MAX = 10;
const NAME_LENGTH_MAX = 1011;
const LEVELS_MAX = 15;
const TYPES = ['String', 'StringList'];
const COLUMNS = 'name, type, value, version, changed_at AS changedAt';

/** Systems Manager's parameter store: the template's parameters, which operators read and change. */
export class SsmService implements Service {
  readonly name = 'ssm';
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS ssm_parameters (name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL, template_value TEXT,
        version INTEGER NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;`);
  }

  /** The template's value counts where it is new; what an operator set since stays, as after a deployment that changes nothing. */
  declare(name: string, type: string, value: string): void {
    this.#kernel.store.run(
      `INSERT INTO ssm_parameters (name, type, value, template_value, version, changed_at) VALUES (?, ?, ?, ?, 1, ?)
       ON CONFLICT (name) DO UPDATE SET type = excluded.type, value = excluded.value, template_value = excluded.template_value,
         version = version + 1, changed_at = excluded.changed_at WHERE template_value IS NOT excluded.template_value`,
      name,
      type,
      value,
      value,
      this.#kernel.now(),
    );
  }

  /** What a template that refers to a parameter takes for it; of the versions there is the last. */
  valueOf(name: string, version?: number): string | undefined {
    const row = this.#find(name);
    return version === undefined || version === row?.version ? row?.value : undefined;
  }

  call(operation: string, input: JsonObject): unknown {
    assertMembers(this.name, operation, input, 'ValidationException');
    switch (operation) {
      case 'GetParameter':
        return { Parameter: this.#get(String(input.Name)) };
      case 'GetParameters':
        return this.#getParameters(input);
      case 'GetParametersByPath':
        return this.#getParametersByPath(input);
      case 'PutParameter':
        return this.#putParameter(input);
      default:
        throw new AwsError('UnknownOperationException', `The embedded cloud's parameter store has no operation ${operation}.`);
    }
  }

  #getParameters(input: JsonObject): JsonObject {
    const names = Array.isArray(input.Names) ? input.Names.map(String) : [];
    if (names.length === 0 || names.length > NAMES_MAX)
      throw new AwsError('ValidationException', `Names must hold 1 to ${NAMES_MAX} names.`);
    const Parameters: JsonObject[] = [];
    const InvalidParameters: string[] = [];
    for (const name of names)
      try {
        Parameters.push(this.#get(name));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        InvalidParameters.push(name);
      }
    return { Parameters, InvalidParameters };
  }

  /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
  #getParametersByPath(input: JsonObject): JsonObject {
    const path = String(input.Path ?? '');
    if (!/^\/([a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*\/?)?$/.test(path))
      throw new AwsError(
        'ValidationException',
        'The parameter doesn’t meet the parameter name requirements: Path must begin with a slash.',
      );
    const limit = Number(input.MaxResults ?? PAGE_MAX);
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
      throw new AwsError('ValidationException', `MaxResults must be 1 to ${PAGE_MAX}.`);
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const rows = this.#kernel.store
      .all<ParameterRow & Record<string, never>>(`SELECT ${COLUMNS} FROM ssm_parameters ORDER BY name`)
      .filter(({ name }) => name.startsWith(prefix) && (isTrue(input.Recursive) || !name.includes('/', prefix.length)));
    const invalid = () => new AwsError('InvalidNextToken', 'The specified token isn’t valid.');
    const { items, next } = pageOf(rows, ({ name }) => name, { token: input.NextToken, limit, invalid });
    return { Parameters: items.map(describe), ...(next !== undefined && { NextToken: next }) };
  }

  #putParameter(input: JsonObject): JsonObject {
    const { Value: value, Type: type } = input;
    const name = checkedName(input.Name);
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > VALUE_BYTES_MAX)
      throw new AwsError('ValidationException', `Value must be text of 1 to ${VALUE_BYTES_MAX} bytes.`);
    assertOneOf('Type', type, TYPES);
    assertOneOf('DataType', input.DataType, ['text']);
    assertOneOf('Tier', input.Tier, ['Standard', 'Intelligent-Tiering']);
    const present = this.#find(name);
    if (present !== undefined && !isTrue(input.Overwrite))
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    if (present !== undefined && type !== undefined && type !== present.type)
      throw new AwsError('HierarchyTypeMismatchException', `The type of ${name} is ${present.type} and cannot be changed.`);
    if (present === undefined && type === undefined)
      throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    const version = (present?.version ?? 0) + 1;
    this.#kernel.store.run(
      `INSERT INTO ssm_parameters (name, type, value, version, changed_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at`,
      name,
      present?.type ?? String(type),
      value,
      version,
      this.#kernel.now(),
    );
    return { Version: version, Tier: 'Standard' };
  }

  /** By name or ARN, maybe with a version behind a colon, of which only the last is kept. */
  #get(given: string): JsonObject {
    const name = given.startsWith('arn:') ? given.slice(given.indexOf(':parameter') + ':parameter'.length) : given;
    const colon = name.indexOf(':');
    // The slash before a name belongs to the ARN where the name has none itself.
    const plain = colon < 0 ? name : name.slice(0, colon);
    const row = this.#find(plain) ?? (given === name ? undefined : this.#find(plain.replace(/^\//, '')));
    if (row === undefined) throw new AwsError('ParameterNotFound', `Parameter ${given} not found.`);
    if (colon < 0) return describe(row);
    const Selector = name.slice(colon);
    if (Selector !== `:${row.version}`)
      throw new AwsError(
        'ParameterVersionNotFound',
        `The embedded cloud keeps version ${row.version} of ${plain} alone, not ${Selector.slice(1, 100)}.`,
      );
    return { ...describe(row), Selector };
  }

  #find(name: string): ParameterRow | undefined {
    return this.#kernel.store.get<ParameterRow>(`SELECT ${COLUMNS} FROM ssm_parameters WHERE name = ?`, name);
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
function checkedName(name: unknown): string {
  if (typeof name !== 'string' || name === '') throw new AwsError('ValidationException', 'Name is required.');
  if (name.length > NAME_LENGTH_MAX || !/^[a-zA-Z0-9_.\-/]+$/.test(name) || /^\/?(aws|ssm)/i.test(name))
    throw new AwsError(
      'ValidationException',
      `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive), and has at most ${NAME_LENGTH_MAX} letters, digits and the symbols .-_/`,
    );
  if (name.includes('/') && !name.startsWith('/'))
    throw new AwsError('ValidationException', 'Parameter name must be a fully qualified name: it begins with a slash where it has one.');
  if (name.split('/').length > LEVELS_MAX + 1)
    throw new AwsError('HierarchyLevelLimitExceededException', `A hierarchy can have a maximum of ${LEVELS_MAX} levels.`);
  return name;
}

function assertOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (value !== undefined && value !== null && !known.includes(String(value)))
    throw new AwsError('ValidationException', `The embedded cloud's parameter store has no ${name} ${String(value).slice(0, 100)}.`);
}

function isTrue(flag: unknown): boolean {
  return flag === true || flag === 'true';
}

function describe(row: ParameterRow): JsonObject {
  return {
    Name: row.name,
    Type: row.type,
    Value: row.value,
    Version: row.version,
    LastModifiedDate: row.changedAt / 1000,
    ARN: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${row.name.startsWith('/') ? '' : '/'}${row.name}`,
    DataType: 'text',
  };
}
