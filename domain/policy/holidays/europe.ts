import type { HolidayList } from './calendar.ts';

/** A holiday that falls on a weekend is one beside its substitute day. */
export const UK: HolidayList = {
  id: 'UK',
  name: 'England and Wales',
  source: 'Bank holidays as published by the government; those of Scotland and Northern Ireland are not included',
  years: {
    2024: '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26',
    2025: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
    2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28',
    2027: '01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28',
    2028: '01-01 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26',
  },
};

/** The Union has no public holidays; these days no payment system of the euro works. National ones come with national packs. */
export const EU: HolidayList = {
  id: 'EU',
  name: 'the European Union',
  source: 'TARGET closing days, European Central Bank',
  years: {
    2024: '01-01 03-29 04-01 05-01 12-25 12-26',
    2025: '01-01 04-18 04-21 05-01 12-25 12-26',
    2026: '01-01 04-03 04-06 05-01 12-25 12-26',
    2027: '01-01 03-26 03-29 05-01 12-25 12-26',
  },
};

export const GR: HolidayList = {
  id: 'GR',
  name: 'Greece',
  source: 'Public holidays by law, movable ones by the Orthodox Easter',
  years: {
    2024: '01-01 01-06 03-18 03-25 05-01 05-03 05-05 05-06 06-23 06-24 08-15 10-28 12-25 12-26',
    2025: '01-01 01-06 03-03 03-25 04-18 04-20 04-21 05-01 06-08 06-09 08-15 10-28 12-25 12-26',
    2026: '01-01 01-06 02-23 03-25 04-10 04-12 04-13 05-01 05-31 06-01 08-15 10-28 12-25 12-26',
    2027: '01-01 01-06 03-15 03-25 04-30 05-01 05-02 05-03 06-20 06-21 08-15 10-28 12-25 12-26',
  },
};

export const RO: HolidayList = {
  id: 'RO',
  name: 'Romania',
  source: 'Public holidays by the labour code, movable ones by the Orthodox Easter',
  years: {
    2024: '01-01 01-02 01-06 01-07 01-24 05-01 05-03 05-05 05-06 06-01 06-23 06-24 08-15 11-30 12-01 12-25 12-26',
    2025: '01-01 01-02 01-06 01-07 01-24 04-18 04-20 04-21 05-01 06-01 06-08 06-09 08-15 11-30 12-01 12-25 12-26',
    2026: '01-01 01-02 01-06 01-07 01-24 04-10 04-12 04-13 05-01 05-31 06-01 08-15 11-30 12-01 12-25 12-26',
    2027: '01-01 01-02 01-06 01-07 01-24 04-30 05-01 05-02 05-03 06-01 06-20 06-21 08-15 11-30 12-01 12-25 12-26',
  },
};
