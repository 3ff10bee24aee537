import type { Locale } from './template.ts';

/**
 * The language a customer is written to: Chinese in the script of the tag, else of its region; English for all that have no text of
 * their own.
 */
export function localeFor(tag: string | undefined): Locale {
  const [language, ...rest] = (tag ?? '').toLowerCase().split(/[-_]/);
  if (language !== 'zh') return 'en';
  if (rest.includes('hans')) return 'zh-CN';
  return rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-TW' : 'zh-CN';
}
