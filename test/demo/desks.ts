import type { Api } from '../../demo/desk.ts';
import type { DeskTask } from '../../demo/desk-script.ts';
import type { Objective, Queue } from '../../domain/model.ts';

/** Tasks for the scripted desk, and an API that answers it. */

export function aTask(number: number, queue: Queue, objective: Objective): DeskTask & { queue: Queue; objective: Objective } {
  const overdue = { amount: '1501.00', currency: 'TWD' };
  return { taskId: `c-1-t${number}`, queue, objective, accountId: 'uci-1', facts: { overdue } };
}

/** More than the script's shares need to show each answer. */
export const many = (queue: Queue, objective: Objective) => Array.from({ length: 3000 }, (_, number) => aTask(number, queue, objective));

export const neverAsked = () => Promise.reject(new Error('Nobody has evidence to read'));

/** What the API answers, and what it was asked to do. */
export function anApi(answers: Readonly<Record<string, { readonly status: number; readonly json: unknown }>>) {
  const asked: [string, unknown][] = [];
  const api: Api = async (method, path, body) => {
    if (method === 'POST') asked.push([path, body]);
    return answers[`${method} ${path}`] ?? answers[path] ?? { status: 200, json: { tasks: [], offers: [], onRequest: [] } };
  };
  return { api, asked };
}

export const MORNING = Date.parse('2005-05-10T02:00:00Z');
export const ok = (json: unknown = {}) => ({ status: 200, json });
