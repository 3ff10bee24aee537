import { describe, expect, it } from 'vitest';
import { type Api, Desk, nextRound } from '../../demo/desk.ts';
import { callOutcome, type DeskTask, type Report, reviewOutcome, visitAssignment, visitOutcome } from '../../demo/desk-script.ts';
import { reasonForArrearsCode } from '../../domain/codes.ts';
import type { Objective, Queue } from '../../domain/model.ts';
import { anApi, aTask, MORNING, many, neverAsked, ok } from './desks.ts';

const TODAY = '2005-05-10';

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
  ['call', 'understand-hardship', CALL],
  ['call', 'agree-a-plan', CALL],
  ['field-visit', 'approve-visit', 'approve reject'],
  ['field-visit', 'visit', VISIT],
  ['legal-review', 'confirm-intent', 'intent-confirmed return reject'],
  ['legal-review', 'approve-referral', 'approve return reject'],
  ['case-review', 'review-hold', 'approve reject'],
  ['plan-review', 'approve-plan', 'approve reject'],
  ['plan-review', 'approve-waiver', 'reject'],
  ['plan-review', 'confirm-booking', 'approve reject'],
  ['data-quality', 'complete-contact-data', 'fixed'],
];

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
    expect([...parts].sort()).toEqual([1, 2, 3]);
    expect(new Set(sums)).toEqual(new Set([1501]));
    expect(promises.every(({ date }) => date > TODAY)).toBe(true);
  });

  it('gives reasons as codes that the application knows, and none that goes against a promise', () => {
    // Act
    const reports = many('call', 'recover').flatMap((task) => callOutcome(task, TODAY) ?? []);
    const reasons = new Set(reports.flatMap(({ reasonForArrears }) => reasonForArrears ?? []));
    const promised = new Set(reports.flatMap(({ outcome, reasonForArrears }) => (outcome === 'promise' ? (reasonForArrears ?? []) : [])));
    // Assess
    expect(reasons.size).toBeGreaterThan(8);
    expect([...reasons].filter((reason) => reasonForArrearsCode(reason) !== reason)).toEqual([]);
    expect(promised.has('cash-flow')).toBe(true);
    expect([...promised].filter((reason) => reason === 'dispute' || reason === 'unwilling')).toEqual([]);
  });

  it('sends two different people to a visit, by the word of a third, who bring home what was hashed', () => {
    // Act
    const tasks = many('field-visit', 'visit').map((task) => ({ ...task, dueAt: '2005-05-17T02:00:00Z' }));
    const assignments = tasks.map((task) => visitAssignment(task, TODAY));
    const reports = tasks.flatMap((task, index) => visitOutcome({ ...task, staff: assignments[index]?.staff ?? [] }, TODAY) ?? []);
    // Assess
    expect(assignments.filter(({ staff: [one, other] }) => one === other)).toEqual([]);
    expect(assignments.filter(({ staff, by = '' }) => staff.includes(by as never))).toEqual([]);
    expect(new Set(assignments.map(({ windows }) => windows?.length ?? 0))).toEqual(new Set([0, 1]));
    expect(reports.length).toBeGreaterThan(2500);
    for (const { evidence = [] } of reports) for (const { sha256 } of evidence) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(reports.flatMap(({ outcome, evidence = [] }) => (evidence.length === 2 ? outcome : [])))).toEqual(
      new Set(['met-promise', 'met-plan-requested']),
    );
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

/** The first task of a kind with which the script does something. */
function taskWhere(queue: Queue, objective: Objective, fits: (report: Report | undefined, task: DeskTask) => boolean): DeskTask {
  const found = many(queue, objective).find((task) => fits(reportOf(task), task));
  if (found === undefined) throw new Error(`No ${queue} task (${objective}) is like that`);
  return found;
}

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
    const desk = new Desk(api, neverAsked);
    // Act
    await desk.round(Date.parse('2005-05-10T02:00:00Z'));
    // Assess
    expect(asked).toContain('POST /tasks/c-1-t1/outcome');
    expect(asked).toContain('POST /tasks/c-1-t2/outcome');
    expect(desk.work).toMatchObject({ outcomes: 2, claims: 2, attempts: 0, plansAsked: 0, plansAgreed: 0 });
    expect(desk.problems).toEqual([]);
  });

  it('claims a call, asks the gate, gives it back and comes again when it was put off, reads the script, and reports with the attempt', async () => {
    // Prepare
    const asked: [string, unknown][] = [];
    const worked = taskWhere('call', 'recover', (report) => report?.outcome === 'no-answer');
    const script = callOutcome(worked, TODAY);
    const by = script?.by ?? '';
    let decision: 'defer' | 'allow' = 'defer';
    const api: Api = async (method, path, body) => {
      if (method === 'POST') asked.push([path, body]);
      if (path === '/tasks?queue=call&status=open') return { status: 200, json: { tasks: [worked] } };
      if (path.endsWith('/attempts') && decision === 'defer')
        return { status: 409, json: { decision, notBefore: '2005-05-10T06:00:00Z', rule: 'R', why: 'w' } };
      if (path.endsWith('/attempts')) return { status: 200, json: { attemptId: 'a-1', expiresAt: '' } };
      if (path === `/tasks/${worked.taskId}?by=${by}`) return { status: 200, json: { script: {} } };
      return { status: 200, json: { tasks: [], offers: [] } };
    };
    const desk = new Desk(api, neverAsked);
    // Act
    await desk.round(Date.parse('2005-05-10T02:00:00Z'));
    await desk.round(Date.parse('2005-05-10T05:59:00Z'));
    decision = 'allow';
    await desk.round(Date.parse('2005-05-10T06:00:00Z'));
    // Assess
    const path = `/tasks/${worked.taskId}`;
    expect(asked).toEqual([
      [`${path}/claim`, { assignee: by }],
      [`${path}/attempts`, { by }],
      [`${path}/release`, { assignee: by }],
      [`${path}/claim`, { assignee: by }],
      [`${path}/attempts`, { by }],
      [`${path}/outcome`, { ...script, attemptId: 'a-1' }],
    ]);
    expect(desk.work).toMatchObject({ outcomes: 1, attempts: 1, attemptsDeferred: 1, attemptsDenied: 0, releases: 1, scriptsRead: 1 });
    expect(desk.problems).toEqual([]);
  });

  it('remembers what the API refused', async () => {
    // Prepare
    const api: Api = async (method) =>
      method === 'GET'
        ? { status: 200, json: { tasks: [aTask(1, 'data-quality', 'complete-contact-data')] } }
        : { status: 422, json: { detail: 'no' } };
    const desk = new Desk(api, neverAsked);
    // Act
    await desk.round(0);
    // Assess
    expect(desk.work.outcomes).toBe(0);
    expect(desk.problems[0]).toBe('POST /tasks/c-1-t1/claim: 422 {"detail":"no"}');
  });

  it('passes over a task that closed meanwhile', async () => {
    // Prepare
    const tasks = [aTask(1, 'data-quality', 'complete-contact-data'), aTask(2, 'data-quality', 'complete-contact-data')];
    const { api, asked } = anApi({
      '/tasks?queue=data-quality&status=open': ok({ tasks }),
      '/tasks/c-1-t1/claim': { status: 409, json: { detail: 'The task is closed.' } },
    });
    const desk = new Desk(api, neverAsked);
    // Act
    await desk.round(MORNING);
    // Assess
    expect(asked.map(([path]) => path)).toEqual(['/tasks/c-1-t1/claim', '/tasks/c-1-t2/claim', '/tasks/c-1-t2/outcome']);
    expect(desk.work).toMatchObject({ closedMeanwhile: 1, outcomes: 1 });
    expect(desk.problems).toEqual([]);
  });

  it('has a supervisor give some calls to somebody else, who then reports', async () => {
    // Prepare
    const { api, asked } = anApi({ '/tasks?queue=call&status=open': ok({ tasks: many('call', 'recover').slice(0, 200) }) });
    const desk = new Desk(async (method, path, body) => {
      const answer = await api(method, path, body);
      return path.endsWith('/attempts') ? ok({ attemptId: 'a-1' }) : answer;
    }, neverAsked);
    // Act
    await desk.round(MORNING);
    // Assess
    const given = asked.filter(([path]) => path.endsWith('/reassign'));
    expect(given.length).toBeGreaterThan(0);
    expect(desk.work.reassigned).toBe(given.length);
    for (const [path, body] of given) {
      const { assignee, by } = body as { assignee: string; by: string };
      const reported = asked.find(([other]) => other === path.replace('/reassign', '/outcome'))?.[1] as Report;
      expect(reported.by).toBe(assignee);
      expect(by).toMatch(/^supervisor-/);
    }
  });

  it('assigns two people to a visit before one of them claims it, at any time where the time thought of will not do', async () => {
    // Prepare
    const dueAt = '2005-05-17T02:00:00Z';
    const visit = {
      ...taskWhere('field-visit', 'visit', (_, task) => visitAssignment({ ...task, dueAt }, TODAY).windows !== undefined),
      dueAt,
    };
    const path = `/tasks/${visit.taskId}`;
    const { windows, ...anyTime } = visitAssignment(visit, TODAY);
    const { api, asked } = anApi({ '/tasks?queue=field-visit&status=open': ok({ tasks: [visit] }) });
    const desk = new Desk(async (method, asks, body) => {
      const answer = await api(method, asks, body);
      if (asks === `${path}/assign` && (body as object)['windows' as never] !== undefined) return { status: 422, json: {} };
      return asks.endsWith('/attempts') ? ok({ attemptId: 'a-1' }) : answer;
    }, neverAsked);
    // Act
    await desk.round(MORNING);
    // Assess
    expect(asked.slice(0, 4)).toEqual([
      [`${path}/assign`, { ...anyTime, windows }],
      [`${path}/assign`, anyTime],
      [`${path}/claim`, { assignee: anyTime.staff[0] }],
      [`${path}/attempts`, { by: anyTime.staff[0] }],
    ]);
    expect(desk.work).toMatchObject({ visitsAssigned: 1, attempts: 1, outcomes: 1 });
  });

  it('has counsel read the evidence and return what does not prove itself', async () => {
    // Prepare
    const evidence = { ref: 's3://b/k', hash: 'h' };
    const approved = taskWhere('legal-review', 'approve-referral', (report) => report?.outcome === 'approve');
    const tasks = [{ ...approved, facts: { ...approved.facts, evidence } }];
    const outcomes: string[] = [];
    for (const isProven of [true, false]) {
      const { api, asked } = anApi({ '/tasks?queue=legal-review&status=open': ok({ tasks }) });
      const read: string[] = [];
      const desk = new Desk(api, async (ref, hash) => {
        read.push(`${ref} ${hash}`);
        return isProven;
      });
      // Act
      await desk.round(MORNING);
      // Assess
      expect(read).toEqual(['s3://b/k h']);
      outcomes.push(...asked.flatMap(([path, body]) => (path.endsWith('/outcome') ? (body as Report).outcome : [])));
    }
    expect(outcomes).toEqual(['approve', 'return']);
  });
});
