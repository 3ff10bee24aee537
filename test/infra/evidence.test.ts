import { describe, expect, it } from 'vitest';
import { local } from '../../infra/config/local.ts';
import { prod } from '../../infra/config/prod.ts';
import { type ConfigInput, parseConfig } from '../../infra/config/schema.ts';
import { functionNames } from '../../infra/names.ts';
import { at, everything, resourcesOf, resourceWith, roleStatements, type Statement, statementsOf, synthesize } from './synthesized.ts';

/** The bucket of evidence packs: who may put, who may read, and that nobody may change. */

const ROLE = 'arn:aws:iam::111122223333:role/counsel';
const withReaders: ConfigInput = { ...everything, evidence: { readerRoleArns: [ROLE] } };
const { data, app } = synthesize(withReaders);

function bucketOf(template = data) {
  const found = resourcesOf('AWS::S3::Bucket', template).find(({ Properties }) =>
    JSON.stringify(Properties.BucketName).includes('overdue-journeys-evidence-'),
  );
  if (found === undefined) throw new Error('There is no bucket of evidence');
  return found;
}

function policyOf(template = data): Statement[] {
  const { id } = bucketOf(template);
  return resourcesOf('AWS::S3::BucketPolicy', template)
    .filter(({ Properties }) => at(Properties, 'Bucket', 'Ref') === id)
    .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
}

describe('evidence', () => {
  it('lies in a private bucket under lock, with versions, encrypted with our key', () => {
    expect(bucketOf().DeletionPolicy).toBe('Retain');
    expect(bucketOf().Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1826 } } },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1827, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }] },
    });
  });

  it('is locked as the configuration says, in production so that nobody ends it', () => {
    const locked = synthesize({ ...local, evidence: { mode: 'COMPLIANCE', lockedDays: 3653 } });
    expect(at(bucketOf(locked.data).Properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention')).toEqual({
      Mode: 'COMPLIANCE',
      Days: 3653,
    });
    expect(parseConfig('prod', prod).evidence.mode).toBe('COMPLIANCE');
  });

  it('is put by one function alone, which can neither read it nor change a lock', () => {
    const statements = functionNames.flatMap((name) => {
      const role = roleStatements(app, resourceWith('AWS::Lambda::Function', 'FunctionName', `overdue-journeys-${name}`, app));
      return role.filter(({ resources }) => JSON.stringify(resources).includes('-evidence-')).map(({ actions }) => ({ name, actions }));
    });
    expect(statements).toEqual([{ name: 'assemble-evidence', actions: ['s3:PutObject'] }]);
  });

  it('is read by the configured roles alone, whatever others may, and listed by nobody', () => {
    const reads = policyOf().filter(({ actions }) => actions.includes('s3:GetObject'));
    expect(reads.map(({ effect }) => effect).sort()).toEqual(['Allow', 'Deny']);
    for (const { actions } of reads) expect(actions).toEqual(['s3:GetObject', 's3:GetObjectVersion']);
    expect(reads.find(({ effect }) => effect === 'Allow')?.raw.Principal).toEqual({ AWS: ROLE });
    expect(reads.find(({ effect }) => effect === 'Deny')?.raw).toMatchObject({
      Principal: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } },
    });
    const granted = policyOf().flatMap(({ effect, actions }) => (effect === 'Allow' ? actions : []));
    expect(granted).toEqual(['s3:GetObject', 's3:GetObjectVersion']);
    const closed = policyOf(synthesize(local).data).filter(({ actions }) => actions.includes('s3:GetObject'));
    expect(closed.map(({ effect, conditions }) => ({ effect, conditions }))).toEqual([{ effect: 'Deny', conditions: {} }]);
  });

  it('is decrypted by these roles through S3 only, and of that bucket only', () => {
    const [key] = resourcesOf('AWS::KMS::Key', data);
    const statement = statementsOf(key?.Properties.KeyPolicy).find(({ raw }) => raw.Sid === 'CounselReadsEvidence');
    expect(statement?.raw.Principal).toEqual({ AWS: ROLE });
    expect(statement?.actions).toEqual(['kms:Decrypt']);
    expect(JSON.stringify(statement?.conditions)).toContain('overdue-journeys-evidence-');
    expect(JSON.stringify(statement?.conditions)).toContain('kms:ViaService');
  });

  it('is never written over, and never over plain HTTP', () => {
    const denials = policyOf().filter(({ effect }) => effect === 'Deny');
    expect(denials.find(({ actions }) => actions.includes('s3:PutObject'))?.conditions).toEqual({ Null: { 's3:if-none-match': 'true' } });
    expect(denials.find(({ actions }) => actions.includes('s3:*'))?.conditions).toEqual({ Bool: { 'aws:SecureTransport': 'false' } });
  });

  it.each([
    ['evidence.mode', { mode: 'NONE' as 'GOVERNANCE' }],
    ['evidence.lockedDays', { lockedDays: 0 }],
    ['evidence.readerRoleArns.0', { readerRoleArns: ['counsel'] }],
  ])('%s is named where it breaks its rule', (field, evidence) => {
    expect(() => parseConfig('test', { ...local, evidence })).toThrow(`test.${field}: `);
  });
});
