import { describe, expect, it } from 'vitest';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { isReferred, type Step, tell, walk } from './walk.ts';

const RUNNING_ORDER = ['reminder', 'call', 'plan', 'field-visit', 'legal'];

function stagesOf(journey: Journey): { stage: string; onDate: string }[] {
  return journey.timeline.flatMap((entry) => (entry.type === 'StageEntered' ? [{ stage: entry.stage, onDate: entry.onDate }] : []));
}

async function overdue(system: System, change: Record<string, unknown> = {}): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue(change));
}

/** The states of each machine in the order in which they were first entered. */
async function statesEntered(system: System): Promise<Record<string, readonly string[]>> {
  return Object.fromEntries((await system.executions()).map((execution) => [execution.machine, [...new Set(execution.states)]]));
}

describe('an account that nobody pays', () => {
  it('goes from the first reminder to the referral, one stage after the other, and tells of it as it goes', async () => {
    // Prepare
    const system = await aSystem();
    const told: string[] = [];
    const seen: Record<string, readonly string[]> = {};
    const onStep = async (step: Step) => {
      told.push(tell(step));
      if (step.entries.some((entry) => entry.type === 'StageEntered')) Object.assign(seen, await statesEntered(system));
    };

    // Act
    await overdue(system);
    const journey = await walk(system, { until: isReferred, onStep, daily: true });

    // Assess
    expect(stagesOf(journey)).toEqual([
      { stage: 'reminder', onDate: '2026-03-02' },
      { stage: 'call', onDate: '2026-03-07' },
      { stage: 'plan', onDate: '2026-04-01' },
      { stage: 'field-visit', onDate: '2026-05-01' },
      { stage: 'legal', onDate: '2026-05-30' },
    ]);
    expect(told.slice(0, 9)).toEqual([
      '1 reminder open: AccountOverdue, CustomerUpdated, JourneyOpened, enters reminder',
      '4 reminder open: ContactReserved, sms reminder-first',
      '5 reminder open: ContactReserved, email reminder-again',
      '6 call open: email delivered, enters call',
      '6 call open: opens call/recover',
      '6 call open: TaskOutcomeReported, closes recover (no-answer)',
      '8 call open: opens call/recover',
      '8 call open: TaskOutcomeReported, closes recover (no-answer)',
      '8 call open: ContactReserved, sms call-missed',
    ]);
    const from = (stage: string) => told.slice(told.findIndex((line) => line.includes(`enters ${stage}`)));
    expect(from('plan').slice(0, 2)).toEqual([
      '31 plan open: AccountActionAdvised, enters plan',
      '31 plan open: ContactReserved, sms plan-offer, PlanOffered',
    ]);
    expect(from('field-visit').filter((line) => line.includes('visit/') || line.includes('visit ('))).toEqual([
      '61 field-visit open: enters field-visit, opens field-visit/approve-visit',
      '61 field-visit open: TaskOutcomeReported, closes approve-visit (approve), VisitApproved',
      '63 field-visit open: opens field-visit/visit',
      '63 field-visit open: TaskOutcomeReported, closes visit (not-home), VisitReported',
      ...from('legal').filter((line) => line.includes('visit/') || line.includes('visit (')),
    ]);
    expect(from('legal').filter((line) => /intent|notice|Notice|Evidence|referral|Referred/.test(line))).toEqual([
      '90 legal open: enters legal, opens legal-review/confirm-intent',
      '90 legal open: TaskOutcomeReported, closes confirm-intent (intent-confirmed), IntentConfirmed',
      '90 legal open: ContactReserved, email legal-formal-notice',
      '90 legal open: ContactReserved, sms legal-formal-notice, email delivered, LegalNoticeServed',
      '106 legal open: EvidenceAssembled, opens legal-review/approve-referral',
      '106 legal open: TaskOutcomeReported, closes approve-referral (approve), ReferralApproved, closes review-pressure (referred), LegalReferred',
    ]);

    // The machines tell the same story, each handing over to the next.
    Object.assign(seen, await statesEntered(system));
    expect(Object.keys(seen)).toEqual(RUNNING_ORDER);
    expect(seen.reminder).toEqual([
      'Decide what is due',
      'Choose the act',
      'Wait for payment or next reminder',
      'Send reminder',
      'Hand over to calls',
    ]);
    expect(seen.call).toEqual(
      expect.arrayContaining(['Queue a call', "Wait for the call's outcome", 'Send a message instead', 'Hand over to arrangements']),
    );
    expect(seen.plan).toEqual(
      expect.arrayContaining(['Offer an arrangement', "Wait for the customer's answer", 'Queue a call', 'Hand over to field visits']),
    );
    expect(seen['field-visit']).toEqual(
      expect.arrayContaining(['Ask for approval', 'Assign the visit', 'Wait for the visit report', 'Hand over to legal']),
    );
    const legal = [
      'Confirm intent',
      'Wait for counsel',
      'Serve formal notice',
      'Wait out the notice period',
      'Assemble the evidence',
      'Ask counsel',
      'Refer',
    ];
    expect(seen.legal?.filter((name) => [...legal, "Wait for the court's news"].includes(name))).toEqual([
      ...legal,
      "Wait for the court's news",
    ]);

    // Every message that left is on the timeline, and the outside heard of every step.
    const sent = journey.timeline.filter((entry) => entry.type === 'ContactSent');
    expect(system.outbox('acc-1').map((message) => message.template)).toEqual(sent.map((entry) => entry.template.replace(/@\d+$/, '')));
    expect(system.said().filter((type) => type === 'ContactSent')).toHaveLength(sent.length);
    expect(system.said().at(-1)).toBe('LegalReferred');
    const why = "Referred; the court's news is awaited (filing), and without any a person finds out";
    expect(journey).toMatchObject({ stage: 'legal', status: 'open', next: { what: 'open-review', why } });
  });

  it.each([32, 75, 120])('skips no stage where the bank tells of it %i days after the due date', async (days) => {
    // Prepare
    const system = await aSystem();
    const dueDate = new Date(Date.parse('2026-03-02T00:00:00Z') - days * 86_400_000).toISOString().slice(0, 10);

    // Act
    await overdue(system, { dueDate });
    const ceiling = days >= 90 ? 'legal' : days >= 61 ? 'field-visit' : 'plan';
    const journey = await walk(system, { until: (seen) => seen.stage === ceiling });

    // Assess
    const stages = stagesOf(journey);
    expect(stages.map((row) => row.stage)).toEqual(RUNNING_ORDER.slice(0, RUNNING_ORDER.indexOf(ceiling) + 1));
    // At most one rise a local midnight.
    expect(new Set(stages.map((row) => row.onDate)).size).toBe(stages.length);
    // Each stage left did its part before the next began.
    const types = journey.timeline.map((entry) => (entry.type === 'StageEntered' ? `enters ${entry.stage}` : entry.type));
    expect(types.slice(types.indexOf('enters reminder'), types.indexOf('enters call'))).toContain('ContactSent');
    expect(types.slice(types.indexOf('enters call'), types.indexOf('enters plan'))).toContain('TaskClosed');
    if (days >= 61) expect(types.slice(types.indexOf('enters plan'), types.indexOf('enters field-visit'))).toContain('PlanOffered');
  });
});
