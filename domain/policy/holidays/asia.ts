import type { HolidayList } from './calendar.ts';

/**
 * Days off as arranged, the exchanged ones included; a weekend that is worked in exchange is still a weekend here. The State Council
 * arranges one year at a time. The arrangement for 2027 was not to be had: that year has what follows from the decree (2024 revision) and
 * from the principles that the notice of 2024-11-12 lays down, and is to be replaced by the arrangement.
 */
export const CN: HolidayList = {
  id: 'CN',
  name: 'mainland China',
  source:
    '国务院办公厅关于部分节假日安排的通知 for 2024 to 2026 (the last of 2025-11-04); 2027 by 《全国年节及纪念日放假办法》 and the principles of the notice of 2024-11-12',
  years: {
    2024: '01-01 02-10 02-11 02-12 02-13 02-14 02-15 02-16 02-17 04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 06-10 09-15 09-16 09-17 10-01 10-02 10-03 10-04 10-05 10-06 10-07',
    2025: '01-01 01-28 01-29 01-30 01-31 02-01 02-02 02-03 02-04 04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 05-31 06-01 06-02 10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-08',
    2026: '01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07',
    2027: '01-01 01-02 01-03 02-05 02-06 02-07 02-08 02-09 02-10 02-11 02-12 04-03 04-04 04-05 05-01 05-02 05-03 05-04 05-05 06-09 09-15 10-01 10-02 10-03 10-04 10-05 10-06 10-07',
  },
};

export const HK: HolidayList = {
  id: 'HK',
  name: 'Hong Kong',
  source: 'General holidays, gazetted each year',
  years: {
    2024: '01-01 02-10 02-12 02-13 03-29 03-30 04-01 04-04 05-01 05-15 06-10 07-01 09-18 10-01 10-11 12-25 12-26',
    2025: '01-01 01-29 01-30 01-31 04-04 04-18 04-19 04-21 05-01 05-05 05-31 07-01 10-01 10-07 10-29 12-25 12-26',
    2026: '01-01 02-17 02-18 02-19 04-03 04-04 04-06 04-07 05-01 05-25 06-19 07-01 09-26 10-01 10-19 12-25 12-26',
    2027: '01-01 02-06 02-08 02-09 03-26 03-27 03-29 04-05 05-01 05-13 06-09 07-01 09-16 10-01 10-08 12-25 12-27',
  },
};

/** The states publish their own lists; these three days are held everywhere. */
export const IN: HolidayList = {
  id: 'IN',
  name: 'India',
  source: 'National holidays; the lists of the states are not included',
  years: { 2024: '01-26 08-15 10-02', 2025: '01-26 08-15 10-02', 2026: '01-26 08-15 10-02', 2027: '01-26 08-15 10-02' },
};

export const SG: HolidayList = {
  id: 'SG',
  name: 'Singapore',
  source: 'Ministry of Manpower, each year (the last of 2026-06-18); polling day 2025 included',
  years: {
    2024: '01-01 02-10 02-11 02-12 03-29 04-10 05-01 05-22 06-17 08-09 10-31 12-25',
    2025: '01-01 01-29 01-30 03-31 04-18 05-01 05-03 05-12 06-07 08-09 10-20 12-25',
    2026: '01-01 02-17 02-18 03-21 04-03 05-01 05-27 05-31 06-01 08-09 08-10 11-08 11-09 12-25',
    2027: '01-01 02-06 02-07 02-08 03-10 03-26 05-01 05-17 05-20 08-09 10-28 12-25',
  },
};
