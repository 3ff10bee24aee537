import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import {
  booleanProperty,
  type Provisioning,
  physicalName,
  type Resource,
  type ResourceHandler,
  unsupported,
} from '../../template/resource.ts';
import type { S3Service } from './s3-service.ts';

/** As the AWS command guesses them; what is not here has S3's own type. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
};

interface Source {
  readonly directory: string;
  /** What stands in the files for values that are known only now. */
  readonly markers: Readonly<Record<string, string>>;
}

/**
 * CDK's `BucketDeployment`: the files of folders of the application are put into a bucket, when they are new and not at every start, so that
 * what the application made of them since stays.
 */
export function deploymentHandler(s3: S3Service): ResourceHandler {
  return {
    type: 'Custom::CDKBucketDeployment',
    honoured: [
      'DestinationBucketKeyPrefix',
      'DestinationBucketName',
      'Extract',
      'SourceMarkers',
      'SourceMarkersConfig',
      'SourceObjectKeys',
    ],
    inert: {
      DestinationBucketArn: 'the name says it',
      OutputObjectKeys: 'they are answered anyway',
      Prune: 'a start is no deployment: what the application put there stays',
      RetainOnDelete: 'a stack is never deleted here',
      ServiceToken: 'this cloud does what the function behind it would',
      SourceBucketNames: 'assets are in the assembly',
      WaitForDistributionInvalidation: 'nothing is distributed',
    },
    provision(resource, provisioning) {
      const { properties } = resource;
      const { kernel } = provisioning;
      if (!booleanProperty(properties.Extract, true)) throw unsupported(resource, 'property Extract must be true');
      const sources = sourcesOf(resource, provisioning);
      const Bucket = String(properties.DestinationBucketName);
      const id = physicalName(resource, undefined);
      const deployed = JSON.stringify([
        Bucket,
        properties.DestinationBucketKeyPrefix,
        properties.SourceObjectKeys,
        properties.SourceMarkers,
      ]);
      kernel.store.define('CREATE TABLE IF NOT EXISTS s3_deployments (id TEXT PRIMARY KEY, deployed TEXT NOT NULL) WITHOUT ROWID;');
      const before = kernel.store.get<{ deployed: string }>('SELECT deployed FROM s3_deployments WHERE id = ?', id);
      if (before?.deployed !== deployed) {
        for (const source of sources)
          for (const file of filesOf(source.directory)) {
            const Key = [properties.DestinationBucketKeyPrefix ?? [], relative(source.directory, file).split(sep)].flat().join('/');
            s3.call('PutObject', { Bucket, Key, Body: bodyOf(file, source), ContentType: TYPES[extname(file)] });
          }
        kernel.store.run('INSERT OR REPLACE INTO s3_deployments (id, deployed) VALUES (?, ?)', id, deployed);
      }
      return { ref: id, attributes: { DestinationBucketArn: `arn:aws:s3:::${Bucket}`, SourceObjectKeys: properties.SourceObjectKeys } };
    },
  };
}

function sourcesOf(resource: Resource, { assets }: Provisioning): Source[] {
  const { SourceObjectKeys: keys, SourceMarkers: markers = [], SourceMarkersConfig: configs = [] } = resource.properties;
  return ((keys ?? []) as unknown[]).map(String).map((key, index) => {
    const directory = assets.get(key);
    if (directory === undefined || !existsSync(directory) || !statSync(directory).isDirectory())
      throw unsupported(resource, `its source ${key} is no directory of the cloud assembly`);
    const { jsonEscape } = (configs as { jsonEscape?: unknown }[])[index] ?? {};
    const escaped = (value: unknown) => (booleanProperty(jsonEscape, false) ? JSON.stringify(String(value)).slice(1, -1) : String(value));
    const given = Object.entries((markers as Record<string, unknown>[])[index] ?? {});
    return { directory, markers: Object.fromEntries(given.map(([marker, value]) => [marker, escaped(value)])) };
  });
}

function filesOf(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
  return files.filter((file) => statSync(file).isFile()).sort();
}

function bodyOf(file: string, { markers }: Source): Buffer | string {
  const bytes = readFileSync(file);
  if (Object.keys(markers).length === 0) return bytes;
  return Object.entries(markers).reduce((text, [marker, value]) => text.replaceAll(marker, () => value), bytes.toString());
}
