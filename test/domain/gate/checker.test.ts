import { describe, expect, it } from 'vitest';
import type { ContactRow } from '../../../domain/model.ts';
import { type CheckContext, checkLedger } from '../../simulation/gate-checker.ts';
import { aConversation, aRow, shanghai } from './builders.ts';

const CONTEXT: CheckContext = { jurisdiction: 'CN', timeZones: ['Asia/Shanghai'], house: true };
const LAW: CheckContext = { ...CONTEXT, house: false };

const at = (time: string, day = '2026-04-15'): string => shanghai(`${day}T${time}`);
const rulesBroken = (rows: readonly ContactRow[], context: CheckContext): string[] => checkLedger(rows, context).map(({ rule }) => rule);
const calls = (times: readonly string[], kind: ContactRow['kind'], addressKey?: string): ContactRow[] =>
  times.map((time, index) => aRow(at(time), 'voice', { kind, addressKey: addressKey ?? `n${index}` }));

describe('the checker', () => {
  it('is silent about a week of contacts that keep the rules', () => {
    const rows = [
      aRow(at('09:00', '2026-04-13'), 'sms'),
      aRow(at('10:00', '2026-04-13'), 'voice', { addressKey: 'n1' }),
      aRow(at('12:00', '2026-04-13'), 'voice', { addressKey: 'n1' }),
      aConversation(at('13:00', '2026-04-13'), 'voice', { addressKey: 'n2' }),
      aRow(at('09:00', '2026-04-14'), 'email'),
      aRow(at('20:29', '2026-04-14'), 'push'),
      aRow(at('10:00', '2026-04-19'), 'voice', { addressKey: 'n1' }),
    ];

    expect(checkLedger(rows, CONTEXT)).toEqual([]);
  });

  it.each([
    { name: 'a text at 22:00', rows: [aRow(at('22:00'), 'sms')], context: LAW, broken: ['CN.HOURS'] },
    { name: 'a call at 07:59:59', rows: [aRow(at('07:59:59'), 'voice')], context: LAW, broken: ['CN.HOURS'] },
    {
      name: 'a fourth answered call',
      rows: calls(['09:00', '10:00', '11:00', '12:00'], 'conversation'),
      context: LAW,
      broken: ['CN.FREQ.CONNECTED'],
    },
    {
      name: 'a seventh unanswered call to a number',
      rows: calls(['09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00'], 'attempt', 'n1'),
      context: LAW,
      broken: ['CN.FREQ.UNANSWERED'],
    },
    { name: 'a call on a Sunday at 09:30', rows: [aRow(at('09:30', '2026-04-12'), 'voice')], context: CONTEXT, broken: ['HOUSE.HOURS'] },
    { name: 'a call at 20:00', rows: [aRow(at('20:00'), 'voice')], context: CONTEXT, broken: ['HOUSE.HOURS'] },
    { name: 'a text at 20:30', rows: [aRow(at('20:30'), 'sms')], context: CONTEXT, broken: ['HOUSE.HOURS'] },
    { name: 'a visit at 19:00', rows: [aRow(at('19:00'), 'visit')], context: CONTEXT, broken: ['HOUSE.HOURS'] },
    { name: 'a fourth call', rows: calls(['09:00', '10:00', '11:00', '12:00'], 'attempt'), context: CONTEXT, broken: ['HOUSE.CALLS'] },
    { name: 'a number too soon', rows: calls(['09:00', '10:59:59'], 'attempt', 'n1'), context: CONTEXT, broken: ['HOUSE.APART'] },
    { name: 'a number three times', rows: calls(['09:00', '12:00', '15:00'], 'attempt', 'n1'), context: CONTEXT, broken: ['HOUSE.NUMBER'] },
    { name: 'two conversations', rows: calls(['09:00', '12:00'], 'conversation'), context: CONTEXT, broken: ['HOUSE.CONVERSATIONS'] },
    { name: 'two texts a day', rows: [aRow(at('09:00'), 'sms'), aRow(at('18:00'), 'sms')], context: CONTEXT, broken: ['HOUSE.SMS'] },
    {
      name: 'three e-mails in seven days',
      rows: ['2026-04-09', '2026-04-12', '2026-04-15'].map((day) => aRow(at('12:00', day), 'email')),
      context: CONTEXT,
      broken: ['HOUSE.EMAIL'],
    },
    {
      name: 'a third contact on one day',
      rows: [aRow(at('09:00'), 'sms'), aRow(at('10:00'), 'email'), aRow(at('11:00'), 'push')],
      context: CONTEXT,
      broken: ['HOUSE.TOGETHER'],
    },
    {
      name: 'a letter after 13 days',
      rows: [aRow(at('12:00', '2026-04-02'), 'post'), aRow(at('12:00'), 'post')],
      context: CONTEXT,
      broken: ['HOUSE.LETTERS'],
    },
    {
      name: 'a visit after 29 days',
      rows: [aRow(at('12:00', '2026-03-17'), 'visit'), aRow(at('12:00'), 'visit')],
      context: CONTEXT,
      broken: ['HOUSE.VISITS'],
    },
    { name: 'another country', rows: [aRow(at('12:00'), 'sms')], context: { ...CONTEXT, jurisdiction: 'XX' }, broken: ['PACK.UNKNOWN'] },
    { name: 'outside the window', rows: [aRow(at('12:00'), 'sms')], context: { ...CONTEXT, windows: ['18:00-21:00'] }, broken: ['WINDOW'] },
    {
      name: 'an inconvenient time',
      rows: [aRow(at('12:00'), 'sms')],
      context: { ...CONTEXT, inconvenient: ['11:00-13:00'] },
      broken: ['INCONVENIENT'],
    },
    { name: 'an opted-out channel', rows: [aRow(at('12:00'), 'sms')], context: { ...CONTEXT, optedOut: ['sms'] }, broken: ['OPTED-OUT'] },
    { name: 'a text to work', rows: [aRow(at('12:00'), 'sms')], context: { ...CONTEXT, work: ['a-sms'] }, broken: ['WORK'] },
    {
      name: 'a barred address',
      rows: [aRow(at('12:00'), 'sms')],
      context: { ...CONTEXT, barred: [{ addressKey: 'a-sms', from: at('12:00') }] },
      broken: ['ADDRESS'],
    },
    {
      name: 'a contact after the cure',
      rows: [aRow(at('12:00'), 'sms')],
      context: { ...CONTEXT, stops: [{ accountId: 'acc-1', from: at('11:59:59'), why: 'cured' }] },
      broken: ['STATE.cured'],
    },
  ] as const)('sees $name', ({ rows, context, broken }) => {
    expect(rulesBroken(rows, context)).toEqual(broken);
  });

  it.each([
    { name: 'the day before', rows: [aRow(at('23:00', '2026-04-14'), 'sms'), aRow(at('09:00'), 'sms')], judged: 1 },
    {
      name: 'eight days before',
      rows: ['2026-04-08', '2026-04-12', '2026-04-15'].map((day) => aRow(at('12:00', day), 'email')),
      judged: 0,
    },
    { name: 'a formal notice', rows: [aRow(at('10:00'), 'sms', { purpose: 'formal-notice' }), aRow(at('11:00'), 'sms')], judged: 0 },
    { name: 'two hours before', rows: calls(['09:00', '11:00'], 'attempt', 'n1'), judged: 0 },
  ])('does not count against it: $name', ({ rows, judged }) => {
    const last = rows.slice(judged);

    expect(rulesBroken(rows, { ...CONTEXT, judged: (row) => last.includes(row) })).toEqual([]);
  });

  it.each([
    { why: 'arranged', purpose: 'plan-servicing', broken: [] },
    { why: 'arranged', purpose: 'collection', broken: ['STATE.arranged'] },
    { why: 'held', purpose: 'plan-servicing', broken: ['STATE.held'] },
    { why: 'grace', purpose: 'promise-reminder', broken: ['STATE.grace'] },
  ] as const)('$purpose while $why: $broken', ({ why, purpose, broken }) => {
    const stops = [{ from: at('00:00'), to: at('23:00'), why }];

    expect(rulesBroken([aRow(at('12:00'), 'sms', { purpose })], { ...CONTEXT, stops })).toEqual(broken);
  });

  it('a stop of another account or of another time is none', () => {
    const stops = [
      { accountId: 'acc-2', from: at('00:00'), why: 'held' },
      { accountId: 'acc-1', from: at('00:00'), to: at('12:00'), why: 'held' },
    ] as const;

    expect(rulesBroken([aRow(at('12:00'), 'sms')], { ...CONTEXT, stops })).toEqual([]);
  });

  it('counts what it does not judge', () => {
    const [outside, ours] = [aRow(at('22:30', '2026-04-15'), 'sms', { at: at('08:10') }), aRow(at('12:00'), 'sms')];

    expect(checkLedger([ours, outside], { ...CONTEXT, judged: (row) => row === ours })).toMatchObject([
      { rule: 'HOUSE.SMS', rowId: ours.id },
    ]);
  });
});
