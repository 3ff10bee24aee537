import { describe, expect, it } from 'vitest';
import { type Api, Desk, nextRound } from '../../demo/desk.ts';
import { callOutcome, type DeskTask, type Report, reviewOutcome, visitOutcome } from '../../demo/desk-script.ts';
import type { Objective, Queue } from '../../domain/model.ts';

const TODAY = '2005-05-10';

function aTask(number: number, queue: Queue, objective: Objective): DeskTask & { queue: Queue; objective: Objective } {
  const overdue = { amount: '1501.00', currency: 'TWD' };
  return { taskId: `c-1-t${number}`, queue, objective, accountId: 'uci-1', facts: { overdue } };
}

const CALL =
  'promise paid-already plan-requested hardship dispute refused reached-no-commitment no-answer voicemail busy number-dead wrong-number third-party-answered call-back complaint';
const VISIT =
  'met-promise met-plan-requested met-paid met-refused hardship not-home third-party-met moved address-invalid visit-refused unsafe';

function reportOf(task: DeskTask): Report | undefined {
  if (task.queue === 'call') return callOutcome(task, TODAY);
  return task.objective === 'visit' ? visitOutcome(task, TODAY) : reviewOutcome(task);
}

/** What may be reported of each kind of task, without what ends a case or all contact. */
const KINDS: readonly (readonly [Queue, Objective, outcomes: string])[] = [
  ['call', 'recover', CALL],
  ['call', 'call-back', CALL],
  ['field-visit', 'approve-visit', 'approve reject'],
  ['field-visit', 'visit', VISIT],
  ['legal-review', 'confirm-intent', 'intent-confirmed return reject'],
  ['legal-review', 'approve-referral', 'approve return reject'],
  ['case-review', 'review-hold', 'approve reject'],
  ['data-quality', 'complete-contact-data', 'fixed'],
];

const many = (queue: Queue, objective: Objective) => Array.from({ length: 3000 }, (_, number) => aTask(number, queue, objective));

describe('the desk’s script', () => {
  it.each(KINDS)(
    'reports of a %s task (%s) only what belongs to it, and nothing that ends a case or all contact',
    (queue, objective, allowed) => {
      // Act
      const outcomes = new Set(many(queue, objective).flatMap((task) => reportOf(task)?.outcome ?? []));
      // Assess
      expect(outcomes.size).toBeGreaterThan(0);
      for (const outcome of outcomes) expect(allowed.split(' ')).toContain(outcome);
    },
  );

  it('answers the same task the same', () => {
    const task = aTask(1, 'call', 'recover');
    expect(callOutcome(task, TODAY)).toEqual(callOutcome({ ...task }, TODAY));
  });

  it('gives promises whose parts add up to what is overdue, on days ahead', () => {
    // Act
    const promises = many('call', 'recover').flatMap((task) => callOutcome(task, TODAY)?.promises ?? []);
    const parts = new Set(many('call', 'recover').flatMap((task) => callOutcome(task, TODAY)?.promises?.length ?? []));
    const sums = many('call', 'recover').flatMap((task) => {
      const given = callOutcome(task, TODAY)?.promises;
      return given === undefined ? [] : [given.reduce((sum, { amount }) => sum + Number(amount.amount), 0)];
    });
    // Assess
    expect([...parts].sort()).toEqual([1, 2]);
    expect(new Set(sums)).toEqual(new Set([1501]));
    expect(promises.every(({ date }) => date > TODAY)).toBe(true);
  });

  it('takes no promise where none would be taken', () => {
    const refusing = (tasks: readonly DeskTask[]) =>
      tasks.map((task) => ({ ...task, facts: { ...task.facts, noMorePromises: true as const } }));
    const calls = refusing(many('call', 'recover')).map((task) => callOutcome(task, TODAY));
    const visits = refusing(many('field-visit', 'visit')).map((task) => reportOf(task));
    expect([...calls, ...visits].filter((report) => report?.promises !== undefined)).toEqual([]);
    expect(calls.filter((report) => report?.outcome === 'reached-no-commitment').length).toBeGreaterThan(0);
  });

  it('has nobody approve what a collector or visitor asked for', () => {
    const persons = (kinds: readonly (readonly [Queue, Objective])[]) =>
      new Set(kinds.flatMap(([queue, objective]) => many(queue, objective).flatMap((task) => reportOf(task)?.by ?? [])));
    const workers = persons([
      ['call', 'recover'],
      ['field-visit', 'visit'],
    ]);
    const approvers = persons([
      ['field-visit', 'approve-visit'],
      ['case-review', 'review-hold'],
    ]);
    const managers = persons([['legal-review', 'confirm-intent']]);
    const counsel = persons([['legal-review', 'approve-referral']]);
    expect([...workers].filter((person) => approvers.has(person))).toEqual([]);
    expect([...managers].filter((person) => counsel.has(person))).toEqual([]);
  });
});

describe('the desk', () => {
  it('works in the evening and on Saturdays, and never on Sundays', () => {
    // Act: a week from Monday 2 May 2005, in Taipei's time.
    const rounds: string[] = [];
    const end = Date.parse('2005-05-09T00:00:00+08:00');
    for (let at = nextRound(Date.parse('2005-05-02T00:00:00+08:00')); at < end; at = nextRound(at))
      rounds.push(new Date(at + 8 * 3_600_000).toISOString().slice(8, 16));
    // Assess
    expect(rounds).toEqual([
      ...['02', '03', '04', '05', '06'].flatMap((day) => ['10:00', '14:00', '17:00', '19:30'].map((time) => `${day}T${time}`)),
      '07T10:30',
      '07T15:00',
    ]);
  });

  it('follows the pages of a queue to their end', async () => {
    // Prepare
    const asked: string[] = [];
    const api: Api = async (method, path) => {
      asked.push(`${method} ${path}`);
      if (path === '/tasks?queue=data-quality&status=open')
        return { status: 200, json: { tasks: [aTask(1, 'data-quality', 'complete-contact-data')], cursor: 'next' } };
      if (path === '/tasks?queue=data-quality&status=open&cursor=next')
        return { status: 200, json: { tasks: [aTask(2, 'data-quality', 'complete-contact-data')] } };
      return { status: 200, json: { tasks: [] } };
    };
    const desk = new Desk(api);
    // Act
    await desk.round(Date.parse('2005-05-10T02:00:00Z'));
    // Assess
    expect(asked).toContain('POST /tasks/c-1-t1/outcome');
    expect(asked).toContain('POST /tasks/c-1-t2/outcome');
    expect(desk.work).toMatchObject({ outcomes: 2, attempts: 0, plansAsked: 0, plansAgreed: 0 });
    expect(desk.problems).toEqual([]);
  });

  it('claims a call, asks the gate, comes back when it was put off, and reports with the attempt', async () => {
    // Prepare
    const asked: [string, unknown][] = [];
    const worked = { ...aTask(1, 'call', 'recover') };
    const script = callOutcome(worked, TODAY);
    let decision: 'defer' | 'allow' = 'defer';
    const api: Api = async (method, path, body) => {
      if (method === 'POST') asked.push([path, body]);
      if (path === '/tasks?queue=call&status=open') return { status: 200, json: { tasks: [worked] } };
      if (path.endsWith('/attempts') && decision === 'defer')
        return { status: 409, json: { decision, notBefore: '2005-05-10T06:00:00Z', rule: 'R', why: 'w' } };
      if (path.endsWith('/attempts')) return { status: 200, json: { attemptId: 'a-1', expiresAt: '' } };
      return { status: 200, json: { tasks: [], offers: [] } };
    };
    const desk = new Desk(api);
    // Act
    await desk.round(Date.parse('2005-05-10T02:00:00Z'));
    await desk.round(Date.parse('2005-05-10T05:59:00Z'));
    decision = 'allow';
    await desk.round(Date.parse('2005-05-10T06:00:00Z'));
    // Assess
    const { by } = script ?? {};
    const path = `/tasks/${worked.taskId}`;
    expect(asked.slice(0, 5)).toEqual([
      [`${path}/claim`, { assignee: by }],
      [`${path}/attempts`, { by }],
      [`${path}/claim`, { assignee: by }],
      [`${path}/attempts`, { by }],
      [`${path}/outcome`, { ...script, attemptId: 'a-1' }],
    ]);
    expect(desk.work).toMatchObject({ outcomes: 1, attempts: 1, attemptsDeferred: 1, attemptsDenied: 0 });
    expect(desk.problems).toEqual([]);
  });

  it('remembers what the API refused', async () => {
    // Prepare
    const api: Api = async (method) =>
      method === 'GET'
        ? { status: 200, json: { tasks: [aTask(1, 'data-quality', 'complete-contact-data')] } }
        : { status: 422, json: { detail: 'no' } };
    const desk = new Desk(api);
    // Act
    await desk.round(0);
    // Assess
    expect(desk.work.outcomes).toBe(0);
    expect(desk.problems[0]).toBe('fixed for c-1-t1: 422 {"detail":"no"}');
  });
});
