import { S3Client } from '@aws-sdk/client-s3';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment, required } from '../adapters/environment.ts';
import { evidenceBucket } from '../adapters/evidence-store.ts';
import { validated } from '../adapters/validated.ts';
import { turnInput } from '../contract/turn.ts';
import { assembleEvidence } from './assemble-evidence.ts';

const ports = {
  table: caseTable(),
  deployment: domainDeployment(),
  store: evidenceBucket(new S3Client({}), required('EVIDENCE_BUCKET')),
};

export const handler = validated(turnInput, ({ turn }) => assembleEvidence(turn, { ...ports, now: readClock() }));
