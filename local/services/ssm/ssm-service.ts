import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';

interface ParameterRow {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly changedAt: number;
}

const VALUE_BYTES_MAX = 4096;
const NAMES_MAX = 10;
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

  call(operation: string, input: JsonObject): unknown {
    switch (operation) {
      case 'GetParameter': {
        const row = this.#find(String(input.Name));
        if (row === undefined) throw new AwsError('ParameterNotFound', `Parameter ${String(input.Name)} not found.`);
        return { Parameter: describe(row) };
      }
      case 'GetParameters':
        return this.#getParameters(input);
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
    const rows = names.map((name) => this.#find(name));
    return {
      Parameters: rows.filter((row) => row !== undefined).map(describe),
      InvalidParameters: names.filter((_, index) => rows[index] === undefined),
    };
  }

  #putParameter(input: JsonObject): JsonObject {
    const { Name: name, Value: value, Type: type = 'String' } = input;
    if (typeof name !== 'string' || name === '') throw new AwsError('ValidationException', 'Name is required.');
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > VALUE_BYTES_MAX)
      throw new AwsError('ValidationException', `Value must be text of 1 to ${VALUE_BYTES_MAX} bytes.`);
    const present = this.#find(name);
    if (present !== undefined && input.Overwrite !== true)
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const version = (present?.version ?? 0) + 1;
    this.#kernel.store.run(
      `INSERT INTO ssm_parameters (name, type, value, version, changed_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at`,
      name,
      String(type),
      value,
      version,
      this.#kernel.now(),
    );
    return { Version: version, Tier: 'Standard' };
  }

  #find(given: string): ParameterRow | undefined {
    const name = given.startsWith('arn:') ? given.slice(given.indexOf(':parameter') + ':parameter'.length) : given;
    return this.#kernel.store.get<ParameterRow>(`SELECT ${COLUMNS} FROM ssm_parameters WHERE name = ?`, name);
  }
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
