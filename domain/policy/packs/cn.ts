import { CHANNELS } from '../../model.ts';
import { EVERY_DAY, type Pack } from './pack.ts';

const GB_T_45251 = 'GB/T 45251-2025 (recommended standard)';
const NIFA_GUIDE = '《互联网金融贷后催收业务指引》, National Internet Finance Association, 2024-05-15';
const CBA_GUIDE = '《金融机构个人消费类贷款催收工作指引(试行)》, China Banking Association, 2026-01-30 (self-regulation of member banks)';

/**
 * Mainland China. All sources but the convention of 2013 were read through summaries only, hence the mark N. The pack encodes the
 * published limits; it does not make anybody compliant.
 */
export const CN: Pack = {
  id: 'CN',
  version: 'cn/1',
  effectiveFrom: '2026-01-30',
  homeZone: 'Asia/Shanghai',
  uncounted: [],
  grace: {
    rule: 'GRACE',
    text: 'A payment within three days of the due date counts as on time, so nothing is collected before',
    force: 'guidance',
    mark: 'M',
    source: '中国银行卡行业自律公约 (2013)',
    days: 3,
  },
  hours: [
    {
      rule: 'CN.HOURS',
      text: 'No collection from 22:00 to 08:00',
      force: 'guidance',
      mark: 'N',
      // The guide of 2026 bans "calls, visits and other collection" in this span, so it is read to cover every channel.
      source: `${GB_T_45251}; ${CBA_GUIDE}`,
      channels: CHANNELS,
      openings: [{ weekdays: EVERY_DAY, from: '08:00', to: '22:00' }],
    },
  ],
  counts: [
    {
      rule: 'CN.FREQ.CONNECTED',
      text: 'At most three answered calls a day to one customer, the bank and its agencies together',
      force: 'guidance',
      mark: 'N',
      source: `${GB_T_45251}; ${NIFA_GUIDE}`,
      limits: ['voice'],
      counts: [{ channels: ['voice'], kinds: ['conversation'] }],
      scope: 'customer',
      days: 1,
      max: 3,
    },
    {
      rule: 'CN.FREQ.UNANSWERED',
      text: 'At most six unanswered calls a day to the same number',
      force: 'guidance',
      mark: 'N',
      source: CBA_GUIDE,
      limits: ['voice'],
      counts: [{ channels: ['voice'], kinds: ['attempt'] }],
      scope: 'number',
      days: 1,
      max: 6,
    },
  ],
  spacings: [],
};
