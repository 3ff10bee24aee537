import type { HolidayList } from './calendar.ts';

/** Only days that all states and territories hold, additional days for weekends included. */
export const AU: HolidayList = {
  id: 'AU',
  name: 'Australia',
  source: 'National public holidays: days that the laws of all states and territories name',
  years: {
    2024: '01-01 01-26 03-29 04-01 04-25 12-25 12-26',
    2025: '01-01 01-27 04-18 04-21 04-25 12-25 12-26',
    2026: '01-01 01-26 04-03 04-06 04-25 12-25 12-26 12-28',
    2027: '01-01 01-26 03-26 03-29 04-25 12-25 12-26 12-27 12-28',
  },
};

export const US: HolidayList = {
  id: 'US',
  name: 'the United States',
  source: 'Federal holidays, 5 U.S.C. 6103, days observed instead of a weekend included',
  years: {
    2024: '01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25',
    2025: '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25',
    2026: '01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25',
    2027: '01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31',
  },
};
