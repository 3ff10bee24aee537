import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment } from '../adapters/environment.ts';
import { validated } from '../adapters/validated.ts';
import { turnInput } from '../contract/turn.ts';
import { recordStep } from './record-step.ts';

const ports = { table: caseTable(), deployment: domainDeployment() };

export const handler = validated(turnInput, ({ turn }) => recordStep(turn, { ...ports, now: readClock() }));
