/**
 * The clocks on the walls of a time zone. A wall time is written as if it were UTC: milliseconds since 1970-01-01T00:00 on those clocks.
 */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone an IANA name. @throws RangeError where there is none of that name */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the clocks show at an instant. */
  wallOf(instant: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
  }

  /** The first instant at which the clocks show a time; undefined where they never do, because they are put forward. */
  instantOf(wall: number): number | undefined {
    // No zone puts its clocks by more than a day.
    const instants = [-DAY, DAY].map((aside) => wall - (this.wallOf(wall + aside) - (wall + aside)));
    return instants.filter((instant) => this.wallOf(instant) === wall).sort((left, right) => left - right)[0];
  }
}

const DAY = 86_400_000;
