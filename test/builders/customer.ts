import type { ContactPoint, Governor } from '../../domain/customer.ts';
import type { Channel, Hold } from '../../domain/model.ts';

/** A customer as the gate sees it: reachable by text message, e-mail, telephone and at one registered address. */
export class CustomerBuilder {
  #governor: Governor = {
    customerId: 'cus-1',
    known: true,
    asOf: '2026-01-01T00:00:00Z',
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    jurisdiction: 'CN',
    points: (['sms', 'voice', 'email', 'visit'] as const).map((channel) => aPoint(channel)),
    findings: {},
    wishes: { windows: [], inconvenient: [], optedOut: [] },
    contacts: [],
    holds: [],
    openCases: [],
  };

  #with(change: Partial<Governor>): this {
    this.#governor = { ...this.#governor, ...change };
    return this;
  }

  unknown(): this {
    const { asOf: _asOf, timeZone: _zone, locale: _locale, jurisdiction: _pack, ...rest } = this.#governor;
    this.#governor = { ...rest, known: false, points: [] };
    return this;
  }

  reachableBy(...channels: readonly Channel[]): this {
    return this.#with({ points: channels.map((channel) => aPoint(channel)) });
  }

  withPoints(...points: readonly ContactPoint[]): this {
    return this.#with({ points: [...this.#governor.points, ...points] });
  }

  in(timeZone: string): this {
    return this.#with({ timeZone });
  }

  held(hold: Hold): this {
    return this.#with({ holds: [...this.#governor.holds, { ...hold, customerWide: true }] });
  }

  wishing(wishes: Partial<Governor['wishes']>): this {
    return this.#with({ wishes: { ...this.#governor.wishes, ...wishes } });
  }

  build(): Governor {
    return this.#governor;
  }
}

export function aCustomer(): CustomerBuilder {
  return new CustomerBuilder();
}

export function aPoint(channel: Channel, change: Partial<ContactPoint> = {}): ContactPoint {
  const id = change.id ?? `p-${channel}`;
  return { id, channel, owner: 'self', addressKey: `a-${id}`, ...change };
}
