import { expressionOf } from '../expression.ts';
import { isObject } from '../json.ts';
import type { Diagnostics } from './diagnostics.ts';
import { checkTemplate } from './expressions.ts';
import { checkInteger, ENTRY, type Surrounding } from './state.ts';

/**
 * The fields that make a Map a distributed one: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html and the
 * pages of ItemReader, ItemBatcher and ResultWriter beside it.
 */
const FIELDS = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'] as const;
const LABEL = /^[^\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]{1,40}$/u;
const INPUT_TYPES = ['CSV', 'JSON', 'JSONL', 'MANIFEST'];
/** What the files are that a manifest names; an inventory says so itself. */
const MANIFEST_INPUTS: Readonly<Record<string, readonly string[]>> = {
  ATHENA_DATA: ['CSV', 'JSONL', 'PARQUET'],
  S3_INVENTORY: ['MANIFEST'],
};
const DELIMITERS = ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'];
const READER_CONFIG = [
  'InputType',
  'Transformation',
  'ManifestType',
  'CSVDelimiter',
  'CSVHeaderLocation',
  'CSVHeaders',
  'ItemsPointer',
  'MaxItems',
];
const BYTES_MAX = 262_144;

type Fields = Record<string, unknown>;

/** `ProcessorConfig` and what depends on it. Answers the `ExecutionType` of a distributed Map, undefined for an inline one. */
export function checkProcessorConfig(state: Fields, path: string, around: Surrounding): string | undefined {
  const { diagnostics, express } = around;
  const at = `${path}/ItemProcessor/ProcessorConfig`;
  const config = isObject(state.ItemProcessor) ? (state.ItemProcessor.ProcessorConfig ?? {}) : {};
  if (!isObject(config)) {
    diagnostics.schema('Expected value of type Object', at);
    return undefined;
  }
  checkFields(config, ['Mode', 'ExecutionType'], at, diagnostics);
  checkWord(config, 'Mode', ['INLINE', 'DISTRIBUTED'], at, diagnostics);
  if (config.Mode !== 'DISTRIBUTED') {
    if ('ExecutionType' in config) diagnostics.schema("Field 'ExecutionType' is only supported for the Mode 'DISTRIBUTED'", at);
    for (const field of FIELDS)
      if (field in state) diagnostics.schema(`Field '${field}' is only supported for a Map of the Mode 'DISTRIBUTED'`, path);
    return undefined;
  }
  if (express) diagnostics.schema("Express state machine does not support Map states of the Mode 'DISTRIBUTED'", at);
  if (!('ExecutionType' in config)) diagnostics.schema('These fields are required: [ExecutionType]', at);
  checkWord(config, 'ExecutionType', ['STANDARD', 'EXPRESS'], at, diagnostics);
  checkLabel(state, path, around);
  if ('ItemReader' in state) checkReader(state, `${path}/ItemReader`, diagnostics);
  if ('ItemBatcher' in state) checkBatcher(state.ItemBatcher, `${path}/ItemBatcher`, diagnostics);
  if ('ResultWriter' in state) checkWriter(state.ResultWriter, `${path}/ResultWriter`, diagnostics);
  return String(config.ExecutionType);
}

/** A literal from 0 to 100, or an expression that gives one. */
export function checkPercentage(state: Fields, path: string, diagnostics: Diagnostics): void {
  const { ToleratedFailurePercentage: value } = state;
  const at = `${path}/ToleratedFailurePercentage`;
  if (value === undefined) return;
  if (isExpression(value)) checkTemplate(value, at, ENTRY, diagnostics);
  else if (typeof value !== 'number' || value < 0 || value > 100)
    diagnostics.schema('Expected a number from 0 to 100 or a JSONata expression', at);
}

function checkLabel({ Label: label }: Fields, path: string, { diagnostics, labels }: Surrounding): void {
  if (label === undefined) return;
  if (typeof label !== 'string' || !LABEL.test(label))
    diagnostics.schema(
      'Expected a String of 1 to 40 characters without white space, wildcards, brackets and special characters',
      `${path}/Label`,
    );
  else if (labels.has(label)) diagnostics.schema(`Duplicate Label: ${label}`, `${path}/Label`);
  else labels.add(label);
}

function checkReader({ ItemReader: reader, Items: items }: Fields, path: string, diagnostics: Diagnostics): void {
  if (!isFilled(reader, path, diagnostics)) return;
  if (items !== undefined) diagnostics.schema("Only one of 'Items' and 'ItemReader' can be given", path);
  checkFields(reader, ['Resource', 'Arguments', 'ReaderConfig'], path, diagnostics);
  const reads = endOf(reader.Resource, ['s3:getObject', 's3:listObjectsV2'], `${path}/Resource`, diagnostics);
  const required = reads === 's3:listObjectsV2' ? ['Bucket'] : ['Bucket', 'Key'];
  const optional = reads === 's3:listObjectsV2' ? ['Prefix', 'ExpectedBucketOwner'] : ['VersionId', 'ExpectedBucketOwner'];
  checkCall(reader.Arguments, required, optional, `${path}/Arguments`, diagnostics);
  const { ReaderConfig: config } = reader;
  const at = `${path}/ReaderConfig`;
  if (config === undefined && reads === 's3:getObject') diagnostics.schema('These fields are required: [ReaderConfig]', path);
  if (config === undefined || isExpression(config) || !isFilled(config, at, diagnostics)) return;
  checkFields(config, READER_CONFIG, at, diagnostics);
  if (reads === 's3:getObject' && !('InputType' in config) && config.ManifestType !== 'S3_INVENTORY')
    diagnostics.schema('These fields are required: [InputType]', at);
  checkReaderConfig(config, at, diagnostics);
}

function checkReaderConfig(config: Fields, at: string, diagnostics: Diagnostics): void {
  if (config.InputType === 'PARQUET') diagnostics.schema("The embedded Step Functions does not read 'PARQUET'", `${at}/InputType`);
  else checkWord(config, 'InputType', INPUT_TYPES, at, diagnostics);
  checkWord(config, 'ManifestType', ['ATHENA_DATA', 'S3_INVENTORY'], at, diagnostics);
  const ofManifest = MANIFEST_INPUTS[String(config.ManifestType)];
  if (ofManifest !== undefined && 'InputType' in config) checkWord(config, 'InputType', ofManifest, at, diagnostics);
  checkWord(config, 'Transformation', ['NONE', 'LOAD_AND_FLATTEN'], at, diagnostics);
  checkWord(config, 'CSVDelimiter', DELIMITERS, at, diagnostics);
  checkWord(config, 'CSVHeaderLocation', ['FIRST_ROW', 'GIVEN'], at, diagnostics);
  checkInteger(config, 'MaxItems', 0, at, diagnostics);
  if (config.InputType === 'CSV' && !('CSVHeaderLocation' in config))
    diagnostics.schema('These fields are required: [CSVHeaderLocation]', at);
  if (config.CSVHeaderLocation === 'GIVEN' && !('CSVHeaders' in config)) diagnostics.schema('These fields are required: [CSVHeaders]', at);
  const { CSVHeaders: headers } = config;
  if (headers !== undefined && !isExpression(headers) && !(Array.isArray(headers) && headers.every((header) => typeof header === 'string')))
    diagnostics.schema('Expected an Array of Strings', `${at}/CSVHeaders`);
  checkTemplate(config, at, ENTRY, diagnostics);
}

function checkBatcher(batcher: unknown, path: string, diagnostics: Diagnostics): void {
  if (!isFilled(batcher, path, diagnostics)) return;
  checkFields(batcher, ['BatchInput', 'MaxItemsPerBatch', 'MaxInputBytesPerBatch'], path, diagnostics);
  if (!('MaxItemsPerBatch' in batcher) && !('MaxInputBytesPerBatch' in batcher))
    diagnostics.schema("At least one of 'MaxItemsPerBatch' and 'MaxInputBytesPerBatch' is required", path);
  for (const field of ['MaxItemsPerBatch', 'MaxInputBytesPerBatch']) checkInteger(batcher, field, 1, path, diagnostics);
  if (typeof batcher.MaxInputBytesPerBatch === 'number' && batcher.MaxInputBytesPerBatch > BYTES_MAX)
    diagnostics.schema(`Expected at most ${BYTES_MAX}`, `${path}/MaxInputBytesPerBatch`);
  if ('BatchInput' in batcher) checkTemplate(batcher.BatchInput, `${path}/BatchInput`, ENTRY, diagnostics);
}

function checkWriter(writer: unknown, path: string, diagnostics: Diagnostics): void {
  if (!isFilled(writer, path, diagnostics)) return;
  checkFields(writer, ['Resource', 'Arguments', 'WriterConfig'], path, diagnostics);
  if ('Resource' in writer !== 'Arguments' in writer) diagnostics.schema("'Resource' and 'Arguments' must be given together", path);
  if ('Resource' in writer) {
    endOf(writer.Resource, ['s3:putObject'], `${path}/Resource`, diagnostics);
    checkCall(writer.Arguments, ['Bucket'], ['Prefix'], `${path}/Arguments`, diagnostics);
  }
  const { WriterConfig: config } = writer;
  const at = `${path}/WriterConfig`;
  if (config === undefined || !isFilled(config, at, diagnostics)) return;
  checkFields(config, ['Transformation', 'OutputType'], at, diagnostics);
  checkWord(config, 'Transformation', ['NONE', 'COMPACT', 'FLATTEN'], at, diagnostics);
  checkWord(config, 'OutputType', ['JSON', 'JSONL'], at, diagnostics);
  checkTemplate(config, at, ENTRY, diagnostics);
}

// ---- single fields -----------------------------------------------------------------------------------------------------

function isExpression(value: unknown): boolean {
  return typeof value === 'string' && expressionOf(value) !== undefined;
}

function isFilled(value: unknown, path: string, diagnostics: Diagnostics): value is Fields {
  if (isObject(value) && Object.keys(value).length > 0) return true;
  diagnostics.schema('Expected a non-empty Object', path);
  return false;
}

function checkFields(given: Fields, known: readonly string[], path: string, diagnostics: Diagnostics): void {
  for (const field of Object.keys(given)) if (!known.includes(field)) diagnostics.schema(`Field '${field}' is not supported`, path);
}

function checkWord(given: Fields, field: string, words: readonly string[], path: string, diagnostics: Diagnostics): void {
  const value = given[field];
  if (value === undefined || isExpression(value) || (typeof value === 'string' && words.includes(value))) return;
  diagnostics.schema(`Value should be one of the following: [${words.join(', ')}]`, `${path}/${field}`);
}

/** The end of a resource that names one of these calls. */
function endOf(resource: unknown, calls: readonly string[], path: string, diagnostics: Diagnostics): string | undefined {
  const call = typeof resource === 'string' ? /^arn:[\w-]+:states:::(.+)$/.exec(resource)?.[1] : undefined;
  if (call !== undefined && calls.includes(call)) return call;
  diagnostics.schema(`Value should be one of the following: [${calls.map((name) => `arn:aws:states:::${name}`).join(', ')}]`, path);
  return undefined;
}

function checkCall(given: unknown, required: readonly string[], optional: readonly string[], path: string, diagnostics: Diagnostics): void {
  if (isExpression(given)) {
    checkTemplate(given, path, ENTRY, diagnostics);
    return;
  }
  if (!isObject(given)) {
    diagnostics.schema('Expected value of type Object', path);
    return;
  }
  for (const field of required) if (!(field in given)) diagnostics.schema(`The field '${field}' is required but was missing`, path);
  checkFields(given, [...required, ...optional], path, diagnostics);
  checkTemplate(given, path, ENTRY, diagnostics);
}
