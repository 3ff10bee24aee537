import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment } from '../adapters/environment.ts';
import { validated } from '../adapters/validated.ts';
import { turnInput } from '../contract/turn.ts';
import { openTask } from './open-task.ts';

const ports = { table: caseTable(), deployment: domainDeployment() };

export const handler = validated(turnInput, ({ turn }) => openTask(turn, { ...ports, now: readClock() }));
