import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment } from '../adapters/environment.ts';
import { validated } from '../adapters/validated.ts';
import { executionInput } from '../contract/turn.ts';
import { takeTurn } from './decide.ts';

const ports = { table: caseTable(), deployment: domainDeployment() };

export const handler = validated(executionInput, (input) => takeTurn({ ...ports, now: readClock() }, input));
