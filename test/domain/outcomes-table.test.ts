import { describe, expect, it } from 'vitest';
import { OBJECTIVES, type Objective, type Queue, STAGES, type Stage } from '../../domain/model.ts';
import { outcomesOf } from '../../domain/record/outcome.ts';
import { nextAct } from './outcomes.ts';

/**
 * Every outcome of every task, in every stage in which such a task is open: what a collections officer finds next on the case an hour
 * later, and in how many days. The customer owes CNY 6,250.00 and was not reached before.
 *
 * Two things are the same in every cell and stand here once: where the payment that cures came before the outcome, and where it comes
 * after, the case is cured and closes. A cell in which a part payment during the conversation changes what is next says so in brackets.
 *
 * Of the reviews: `contact` asks about a minor, `calls` about a vulnerable customer, who is on the track of hardship, and of whom a person
 * decides before a visit or a suit too. What would be given up for a payment that has changed since cannot be approved. A suit was filed.
 * An arrangement is looked after in the plan stage alone; its first instalment falls due in a week, the third in two months.
 */
const TABLE = `
call / recover
| outcome               | call                             |
| promise               | open: remind-of-promise +4       |
| paid-already          | open: wait +4                    |
| plan-requested        | open: offer-arrangement today    |
| hardship              | held: send-message-instead today |
| dispute               | held: open-review +30            |
| refused               | open: queue-call +3              |
| reached-no-commitment | open: queue-call +3              |
| no-answer             | open: queue-call +2              |
| voicemail             | open: queue-call +2              |
| busy                  | open: queue-call +2              |
| number-dead           | open: send-message-instead +2    |
| wrong-number          | open: send-message-instead +2    |
| third-party-answered  | open: queue-call +2              |
| call-back             | open: queue-call +1              |
| do-not-call           | open: send-message-instead +3    |
| complaint             | held: open-review +10            |
| vulnerable            | held: open-review +14            |
| deceased              | held: open-review +30            |

call / agree-a-plan
| outcome               | plan                          | field-visit                   | legal                         |
| promise               | open: remind-of-promise +4    | open: remind-of-promise +4    | open: remind-of-promise +4    |
| paid-already          | open: wait +4                 | open: wait +4                 | open: wait +6                 |
| plan-requested        | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today |
| hardship              | held: send-message today      | held: send-message today      | held: send-message today      |
| dispute               | held: open-review +30         | held: open-review +30         | held: open-review +30         |
| refused               | open: queue-call +4           | open: queue-call +3           | open: queue-call +11          |
| reached-no-commitment | open: queue-call +4           | open: queue-call +3           | open: queue-call +11          |
| no-answer             | open: queue-call +3           | open: assign-visit +1         | open: ask-for-approval today  |
| voicemail             | open: queue-call +3           | open: assign-visit +1         | open: ask-for-approval today  |
| busy                  | open: queue-call +3           | open: assign-visit +1         | open: ask-for-approval today  |
| number-dead           | open: offer-arrangement +8    | open: assign-visit +1         | open: ask-for-approval today  |
| wrong-number          | open: offer-arrangement +8    | open: assign-visit +1         | open: ask-for-approval today  |
| third-party-answered  | open: queue-call +3           | open: assign-visit +1         | open: ask-for-approval today  |
| call-back             | open: queue-call +1           | open: queue-call +1           | open: queue-call +1           |
| do-not-call           | open: offer-arrangement +8    | open: send-message +6         | open: ask-for-approval +14    |
| complaint             | held: open-review +10         | held: open-review +10         | held: open-review +10         |
| vulnerable            | held: open-review +14         | held: open-review +14         | held: open-review +14         |
| deceased              | held: open-review +30         | held: open-review +30         | held: open-review +30         |

call / understand-hardship
| outcome               | call                             | plan                          | field-visit                   | legal                                                           |
| promise               | open: remind-of-promise +4       | open: remind-of-promise +4    | open: remind-of-promise +4    | open: remind-of-promise +4                                      |
| paid-already          | open: wait +4                    | open: wait +5                 | open: wait +4                 | open: wait +4                                                   |
| plan-requested        | open: offer-arrangement today    | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today                                   |
| hardship              | held: send-message-instead today | held: send-message today      | held: send-message today      | held: send-message today                                        |
| dispute               | held: open-review +30            | held: open-review +30         | held: open-review +30         | held: open-review +30                                           |
| refused               | open: queue-call +3              | open: offer-arrangement +3    | open: queue-call +3           | open: queue-call +7 (part paid: open: send-message +3)          |
| reached-no-commitment | open: queue-call +3              | open: offer-arrangement +3    | open: queue-call +3           | open: queue-call +7 (part paid: open: send-message +3)          |
| no-answer             | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| voicemail             | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| busy                  | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| number-dead           | open: send-message-instead +2    | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| wrong-number          | open: send-message-instead +2    | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| third-party-answered  | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| call-back             | open: queue-call +1              | open: queue-call +1           | open: queue-call +1           | open: queue-call +1                                             |
| do-not-call           | open: send-message-instead +3    | open: offer-arrangement +3    | open: send-message +3         | open: send-message +8 (part paid: open: send-message +3)        |
| complaint             | held: open-review +10            | held: open-review +10         | held: open-review +10         | held: open-review +10                                           |
| vulnerable            | held: open-review +14            | held: open-review +14         | held: open-review +14         | held: open-review +14                                           |
| deceased              | held: open-review +30            | held: open-review +30         | held: open-review +30         | held: open-review +30                                           |

call / call-back
| outcome               | reminder                      | call                             | plan                          | field-visit                   | legal                                                           |
| promise               | open: remind-of-promise +4    | open: remind-of-promise +4       | open: remind-of-promise +4    | open: remind-of-promise +4    | open: remind-of-promise +4                                      |
| paid-already          | open: wait +4                 | open: wait +4                    | open: wait +5                 | open: wait +4                 | open: wait +4                                                   |
| plan-requested        | open: offer-arrangement today | open: offer-arrangement today    | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today                                   |
| hardship              | held: send-message today      | held: send-message-instead today | held: send-message today      | held: send-message today      | held: send-message today                                        |
| dispute               | held: open-review +30         | held: open-review +30            | held: open-review +30         | held: open-review +30         | held: open-review +30                                           |
| refused               | open: send-message +3         | open: queue-call +3              | open: offer-arrangement +3    | open: queue-call +3           | open: queue-call +7 (part paid: open: send-message +3)          |
| reached-no-commitment | open: send-message +3         | open: queue-call +3              | open: offer-arrangement +3    | open: queue-call +3           | open: queue-call +7 (part paid: open: send-message +3)          |
| no-answer             | open: send-message today      | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| voicemail             | open: send-message today      | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| busy                  | open: send-message today      | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| number-dead           | open: send-message today      | open: send-message-instead +2    | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| wrong-number          | open: send-message today      | open: send-message-instead +2    | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| third-party-answered  | open: send-message today      | open: queue-call +2              | open: offer-arrangement today | open: send-message today      | open: ask-for-approval +3 (part paid: open: send-message today) |
| call-back             | open: queue-call +1           | open: queue-call +1              | open: queue-call +1           | open: queue-call +1           | open: queue-call +1                                             |
| do-not-call           | open: send-message +3         | open: send-message-instead +3    | open: offer-arrangement +3    | open: send-message +3         | open: send-message +8 (part paid: open: send-message +3)        |
| complaint             | held: open-review +10         | held: open-review +10            | held: open-review +10         | held: open-review +10         | held: open-review +10                                           |
| vulnerable            | held: open-review +14         | held: open-review +14            | held: open-review +14         | held: open-review +14         | held: open-review +14                                           |
| deceased              | held: open-review +30         | held: open-review +30            | held: open-review +30         | held: open-review +30         | held: open-review +30                                           |

field-visit / approve-visit
| outcome | field-visit              | legal                                                     |
| approve | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |
| reject  | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |

field-visit / visit
| outcome            | field-visit                   | legal                                                     |
| met-promise        | open: remind-of-promise +4    | open: remind-of-promise +4                                |
| met-plan-requested | open: offer-arrangement today | open: offer-arrangement today                             |
| met-paid           | open: wait +6                 | open: wait +4                                             |
| met-refused        | open: queue-call +3           | open: queue-call +5 (part paid: open: send-message +3)    |
| hardship           | held: send-message today      | held: send-message today                                  |
| not-home           | open: queue-call +1           | open: queue-call +3 (part paid: open: send-message today) |
| third-party-met    | open: queue-call +1           | open: queue-call +3 (part paid: open: send-message today) |
| moved              | open: open-review today       | open: open-review today                                   |
| address-invalid    | open: open-review today       | open: open-review today                                   |
| visit-refused      | open: queue-call +3           | open: queue-call +5 (part paid: open: send-message +3)    |
| unsafe             | open: open-review today       | open: open-review today                                   |
| deceased           | held: open-review +30         | held: open-review +30                                     |

legal-review / confirm-intent
| outcome          | legal                                                     |
| intent-confirmed | open: serve-notice today                                  |
| return           | open: queue-call +3 (part paid: open: send-message today) |
| reject           | open: queue-call +3 (part paid: open: send-message today) |

legal-review / approve-referral
| outcome | legal               |
| approve | open: refer today   |
| return  | open: queue-call +4 |
| reject  | open: queue-call +4 |

case-review / review-hold
| outcome | reminder                 | call                   | plan                          | field-visit                  | legal                                                     |
| approve | open: send-message today | open: queue-call today | open: offer-arrangement today | open: ask-for-approval today | open: queue-call +3 (part paid: open: send-message today) |
| reject  | held: open-review +14    | held: open-review +14  | held: open-review +14         | held: open-review +14        | held: open-review +14                                     |

case-review / review-pressure
| outcome | reminder                 | call                   | plan                          | field-visit              | legal                                                     |
| approve | open: send-message today | open: queue-call today | open: offer-arrangement today | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |
| reject  | open: wait +90           | open: wait +90         | open: wait +90                | open: hand-over +29      | open: wait +90                                            |

case-review / review-field-visit
| outcome | field-visit              | legal                                                     |
| approve | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |
| reject  | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |

case-review / review-visit
| outcome | field-visit              | legal                                                     |
| approve | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |
| reject  | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |

case-review / review-legal
| outcome | legal                                                     |
| approve | open: queue-call +3 (part paid: open: send-message today) |
| reject  | open: queue-call +3 (part paid: open: send-message today) |

case-review / review-placement
| outcome | reminder              | call                  | plan                  | field-visit           | legal                 |
| approve | held: open-review +8  | held: open-review +8  | held: open-review +7  | held: open-review +8  | held: open-review +8  |
| reject  | held: open-review +90 | held: open-review +90 | held: open-review +90 | held: open-review +90 | held: open-review +90 |

case-review / review-flag / contact
| outcome | reminder                 | call                   | plan                          | field-visit              | legal                                                     |
| approve | open: send-message today | open: queue-call today | open: offer-arrangement today | open: send-message today | open: queue-call +3 (part paid: open: send-message today) |
| reject  | open: open-review +90    | open: open-review +90  | open: open-review +90         | open: open-review +90    | open: open-review +90                                     |

case-review / review-flag / calls
| outcome | reminder                 | call                          | plan                          | field-visit             | legal                   |
| approve | open: send-message today | open: queue-call today        | open: offer-arrangement today | open: open-review today | open: open-review today |
| reject  | open: send-message today | open: send-message-instead +5 | open: offer-arrangement today | open: open-review today | open: open-review today |

case-review / review-suit
| outcome | reminder               | call                   | plan                   | field-visit            | legal                  |
| approve | open: open-review +180 | open: open-review +180 | open: open-review +180 | open: open-review +180 | open: open-review +180 |
| reject  | open: open-review +14  | open: open-review +14  | open: open-review +14  | open: open-review +14  | open: open-review +14  |

plan-review / approve-plan
| outcome | reminder                      | call                          | plan                          | field-visit                   | legal                         |
| approve | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today |
| reject  | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today | open: offer-arrangement today |

plan-review / approve-waiver
| outcome | reminder                                                                          | call                                                                              | plan                                                                              | field-visit                                                                       | legal                                                                             |
| approve | open: offer-arrangement today (part paid: refused, open: offer-arrangement today) | open: offer-arrangement today (part paid: refused, open: offer-arrangement today) | open: offer-arrangement today (part paid: refused, open: offer-arrangement today) | open: offer-arrangement today (part paid: refused, open: offer-arrangement today) | open: offer-arrangement today (part paid: refused, open: offer-arrangement today) |
| reject  | open: offer-arrangement today                                                     | open: offer-arrangement today                                                     | open: offer-arrangement today                                                     | open: offer-arrangement today                                                     | open: offer-arrangement today                                                     |

plan-review / confirm-booking
| outcome | plan                                                       |
| approve | arranged: record +4 (part paid: arranged: record +65)      |
| reject  | arranged: record +4 (part paid: arranged: open-review +7)  |

plan-review / obtain-proof
| outcome | plan                                                      |
| approve | arranged: record +4 (part paid: arranged: open-review +4) |
| reject  | arranged: record +4 (part paid: arranged: open-review +4) |

data-quality / complete-contact-data
| outcome     | reminder           | call                | plan                | field-visit     | legal                 |
| fixed       | open: hand-over +2 | open: hand-over +18 | open: hand-over +30 | open: record +7 | open: open-review +30 |
| unreachable | open: hand-over +2 | open: hand-over +18 | open: hand-over +30 | open: record +7 | open: open-review +30 |
`;

interface Block {
  readonly title: string;
  readonly queue: Queue;
  readonly objective: Objective;
  /** What is asked about, where one objective asks about several things. */
  readonly subject?: string;
  readonly stages: readonly Stage[];
  readonly rows: readonly { readonly outcome: string; readonly cells: readonly string[] }[];
}

const BLOCKS: readonly Block[] = TABLE.trim()
  .split(/\n\n+/)
  .map((text) => {
    const [title = '', head = '', ...rows] = text.split('\n');
    const [queue, objective, subject] = title.split(' / ') as [Queue, Objective, string?];
    return {
      title,
      queue,
      objective,
      ...(subject === undefined ? {} : { subject }),
      stages: cellsOf(head).slice(1) as Stage[],
      rows: rows.map((row) => ({ outcome: cellsOf(row)[0] ?? '', cells: cellsOf(row).slice(1) })),
    };
  });

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function cellOf({ title: _title, rows: _rows, stages: _stages, ...asked }: Block, outcome: string, stage: Stage): string {
  const task = { ...asked, outcome, stage };
  const none = nextAct({ ...task, payment: 'none' });
  const during = nextAct({ ...task, payment: 'during' });
  return none === during ? none : `${none} (part paid: ${during})`;
}

describe.each(BLOCKS)('$title: a task', (block) => {
  it.each(block.rows)('leads on from "$outcome" in every stage', ({ outcome, cells }) => {
    expect(block.stages.map((stage) => cellOf(block, outcome, stage))).toEqual(cells);
  });

  it('has every outcome of the contract in the table, and no other', () => {
    expect(block.rows.map(({ outcome }) => outcome)).toEqual([...outcomesOf(block)]);
  });

  it.each(['before', 'after'] as const)('ends with the payment that cures %s any outcome in any stage', (payment) => {
    const acts = block.rows.flatMap(({ outcome }) => block.stages.map((stage) => nextAct({ ...block, outcome, stage, payment })));
    // A suit leaves its record first.
    expect(new Set(acts)).toEqual(new Set([block.objective === 'review-suit' ? 'cured: assemble-record today' : 'cured: close today']));
  });
});

it('the table has every objective and every stage', () => {
  expect(new Set(BLOCKS.map(({ objective }) => objective))).toEqual(new Set(OBJECTIVES));
  expect(new Set(BLOCKS.flatMap(({ stages }) => stages))).toEqual(new Set(STAGES));
});
