import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment } from '../adapters/environment.ts';
import { stageMachines } from '../adapters/machine-clients.ts';
import { validated } from '../adapters/validated.ts';
import { moveInput } from '../contract/turn.ts';
import { moveCase } from './move-case.ts';

const ports = { table: caseTable(), machines: stageMachines(), deployment: domainDeployment() };

export const handler = validated(moveInput, (input) => moveCase(input, { ...ports, now: readClock() }));
