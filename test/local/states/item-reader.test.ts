import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { diagnose } from '../../../local/services/states/validation/validate.ts';
import type { Harness } from './harness.ts';
import { ECHO, map, onlyRun, put, reader, runAgain, withS3 } from './map-world.ts';

describe('ItemReader', () => {
  const read = async (harness: Harness, more: JsonObject): Promise<unknown> => {
    const { arn, error, cause } = await runAgain(harness, map(ECHO, more), {});
    return error === undefined ? harness.output(arn) : { error, cause };
  };

  it('reads a JSON array, an array within, and JSON lines', async () => {
    const harness = withS3();
    await put(harness, 'array.json', '[{"n":1},{"n":2}]');
    await put(harness, 'inner.json', '{"a":{"b/c":[1,2]}}');
    await put(harness, 'lines', '{"n":1}\n\n{"n":2}\n');
    expect(await read(harness, reader({ InputType: 'JSON' }, 'array.json'))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await read(harness, reader({ InputType: 'JSON', ItemsPointer: '/a/b~1c' }, 'inner.json'))).toEqual([1, 2]);
    expect(await read(harness, reader({ InputType: 'JSONL', MaxItems: 1 }, 'lines'))).toEqual([{ n: 1 }]);
  });

  it('reads delimited text by the rules of the page on it', async () => {
    const harness = withS3();
    // https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html
    await put(harness, 'file', 'path,size,note\r\nC:\\\\Program Files\\\\MyApp.exe,6534512,"a, ""b""\nc"\nshort\nx,y,z,too many\n');
    expect(await read(harness, reader({ InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }))).toEqual([
      { path: 'C:\\Program Files\\MyApp.exe', size: '6534512', note: 'a, "b"\nc' },
      { path: 'short', size: '', note: '' },
      { path: 'x', size: 'y', note: 'z' },
    ]);
    await put(harness, 'piped', '1|2\n3|4');
    const given = { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'], CSVDelimiter: 'PIPE' };
    expect(await read(harness, reader(given, 'piped'))).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
  });

  it('lists objects, and reads what they hold', async () => {
    const harness = withS3();
    for (const n of [1, 2, 3]) await put(harness, `in/${n}.json`, JSON.stringify([n, n * 10]));
    const list = (config: JsonObject) => ({
      ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'data', Prefix: 'in/' }, ReaderConfig: config },
    });
    expect(await read(harness, list({ MaxItems: 2 }))).toEqual([
      { Etag: expect.any(String), Key: 'in/1.json', LastModified: expect.any(Number), Size: 6, StorageClass: 'STANDARD' },
      expect.objectContaining({ Key: 'in/2.json' }),
    ]);
    expect(await read(harness, list({ Transformation: 'LOAD_AND_FLATTEN', InputType: 'JSON', MaxItems: 3 }))).toEqual([1, 10, 2]);
  });

  it('says of each item where it was read', async () => {
    const harness = withS3();
    await put(harness, 'in/1.json', '[1]');
    await put(harness, 'in/2.json', '{"a":2}');
    const ItemSelector = '{% $states.context.Map.Item %}';
    const list = (config: JsonObject) => ({
      ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'data', Prefix: 'in/' }, ReaderConfig: config },
      ItemSelector,
    });
    // https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html#contextobject-map
    expect(await read(harness, list({ Transformation: 'LOAD_AND_FLATTEN', InputType: 'JSON' }))).toEqual([
      { Index: 0, Value: 1, Source: 'S3://data/in/1.json' },
      { Index: 1, Key: 'a', Value: 2, Source: 'S3://data/in/2.json' },
    ]);
    expect(await read(harness, list({ MaxItems: 1 }))).toEqual([
      { Index: 0, Value: expect.objectContaining({ Key: 'in/1.json' }), Source: 'S3://data' },
    ]);
  });

  it('reads an S3 inventory by its manifest', async () => {
    const harness = withS3();
    await put(harness, 'inventory/1.csv.gz', gzipSync('"data","a.txt","3"\n"data","b.txt","4"\n'));
    const manifest = {
      destinationBucket: 'arn:aws:s3:::data',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, Size',
      files: [{ key: 'inventory/1.csv.gz' }],
    };
    await put(harness, 'file', JSON.stringify(manifest));
    for (const config of [{ InputType: 'MANIFEST' }, { ManifestType: 'S3_INVENTORY' }])
      expect(await read(harness, reader(config))).toEqual([
        { Bucket: 'data', Key: 'a.txt', Size: '3' },
        { Bucket: 'data', Key: 'b.txt', Size: '4' },
      ]);
  });

  it('reads the result of a query of Athena by its manifest', async () => {
    const harness = withS3();
    await put(harness, 'result/1.gz', gzipSync('a,1\nb,2\n'));
    await put(harness, 'result/2', 'c,3\n');
    await put(harness, 'file', 's3://data/result/1.gz\ns3://data/result/2\n');
    // What UNLOAD writes has no row of headers.
    const config = { ManifestType: 'ATHENA_DATA', InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['k', 'v'] };
    expect(await read(harness, reader(config))).toEqual([
      { k: 'a', v: '1' },
      { k: 'b', v: '2' },
      { k: 'c', v: '3' },
    ]);
    const sources = { ...reader({ ...config, MaxItems: 3 }), ItemSelector: '{% $states.context.Map.Item.Source %}' };
    expect(await read(harness, sources)).toEqual(['S3://data/result/1.gz', 'S3://data/result/1.gz', 'S3://data/result/2']);
    expect(await read(harness, reader({ ...config, MaxItems: 1 }))).toEqual([{ k: 'a', v: '1' }]);
    await put(harness, 'file', 'result/1.gz');
    expect(await read(harness, reader(config))).toMatchObject({
      error: 'States.ItemReaderFailed',
      cause: expect.stringContaining("'result/1.gz' names no object"),
    });
  });

  it('unpacks files by the ends of their names', async () => {
    const harness = withS3();
    await put(harness, 'a.json.gz', gzipSync('[1]'));
    await put(harness, 'b.jsonl.zst', zstdCompressSync('2\n3'));
    await put(harness, 'c.json.gz', '[1]');
    expect(await read(harness, reader({ InputType: 'JSON' }, 'a.json.gz'))).toEqual([1]);
    expect(await read(harness, reader({ InputType: 'JSONL' }, 'b.jsonl.zst'))).toEqual([2, 3]);
    expect(await read(harness, reader({ InputType: 'JSON' }, 'c.json.gz'))).toMatchObject({
      error: 'States.ItemReaderFailed',
      cause: expect.stringContaining("'c.json.gz' cannot be unpacked"),
    });
  });

  it.each([
    { what: 'an object that is not there', body: undefined, cause: 'The specified key does not exist.' },
    { what: 'a file that is neither array nor object', body: '1', cause: 'Attempting to map over non-iterable node.' },
    { what: 'text that is not JSON', body: '{', cause: 'not valid JSON' },
  ])('fails on $what with States.ItemReaderFailed', async ({ body, cause }) => {
    const harness = withS3();
    if (body !== undefined) await put(harness, 'file', body);
    const described = await runAgain(harness, map(ECHO, reader({ InputType: 'JSON' })), {});
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed', cause: expect.stringContaining(cause) });
    expect(await harness.types(described.arn)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    expect(await onlyRun(harness, described.arn)).toMatchObject({ status: 'FAILED' });
  });

  it('takes its arguments from expressions', async () => {
    const harness = withS3();
    await put(harness, 'named', '[1,2,3]');
    const states = map(ECHO, {
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        Arguments: { Bucket: 'data', Key: '{% $states.input.key %}' },
        ReaderConfig: { InputType: 'JSON', MaxItems: '{% $states.input.most %}' },
      },
    });
    const { arn } = await runAgain(harness, states, { key: 'named', most: 2 });
    expect(await harness.output(arn)).toEqual([1, 2]);
  });
});

describe('a definition with an ItemReader', () => {
  const csv = { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a'] };
  it.each([
    { config: { ManifestType: 'ATHENA_DATA', InputType: 'CSV', ...csv }, says: undefined },
    { config: { ManifestType: 'ATHENA_DATA', InputType: 'JSONL' }, says: undefined },
    { config: { ManifestType: 'S3_INVENTORY' }, says: undefined },
    { config: { InputType: 'JSON' }, says: undefined },
    { config: { ManifestType: 'ATHENA_DATA' }, says: 'These fields are required: [InputType]' },
    { config: { ManifestType: 'ATHENA_DATA', InputType: 'JSON' }, says: 'Value should be one of the following: [CSV, JSONL, PARQUET]' },
    { config: { ManifestType: 'S3_INVENTORY', InputType: 'CSV', ...csv }, says: 'Value should be one of the following: [MANIFEST]' },
    { config: { ManifestType: 'OTHER', InputType: 'JSONL' }, says: 'Value should be one of the following: [ATHENA_DATA, S3_INVENTORY]' },
    { config: { InputType: 'PARQUET' }, says: "The embedded Step Functions does not read 'PARQUET'" },
    { config: { ManifestType: 'ATHENA_DATA', InputType: 'PARQUET' }, says: "The embedded Step Functions does not read 'PARQUET'" },
  ])('is looked at before it runs: $config', ({ config, says }) => {
    const states = map(ECHO, reader(config));
    const found = diagnose(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states }), 'STANDARD').all();
    expect(found.map(({ message }) => message)).toEqual(says === undefined ? [] : [says]);
  });
});
