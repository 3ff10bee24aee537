import { describe, expect, it } from 'vitest';
import { PortfolioError, parsePortfolio, readPortfolio } from '../../demo/portfolio.ts';
import { HEADER, line } from './lines.ts';

describe('a portfolio file', () => {
  it('becomes accounts, month 1 first', () => {
    // Prepare
    const text = `${HEADER}\n${line(7, { PAY_0: 2, PAY_6: -1, BILL_AMT1: 3913, PAY_AMT6: 12 })}\n`;
    // Act
    const { accounts, problems } = parsePortfolio(text, 'file.csv');
    // Assess
    expect(problems).toEqual([]);
    expect(accounts).toEqual([{ id: 7, statuses: [2, 0, 0, 0, 0, -1], bills: [3913, 0, 0, 0, 0, 0], payments: [0, 0, 0, 0, 0, 12] }]);
  });

  it.each([
    { what: 'an amount that is no number', bad: line(3, { PAY_AMT3: 'x' }), says: 'line 3: PAY_AMT3 must be a whole number' },
    { what: 'a negative payment', bad: line(3, { PAY_AMT2: -1 }), says: 'line 3: PAY_AMT2 must be a whole number from 0' },
    { what: 'a fraction', bad: line(3, { BILL_AMT4: '12.5' }), says: 'line 3: BILL_AMT4 must be a whole number' },
    { what: 'an empty status', bad: line(3, { PAY_0: '' }), says: 'line 3: PAY_0 must be a whole number' },
    { what: 'an id of nine digits', bad: line(100_000_000), says: 'line 3: ID must be a whole number from 1 to 99999999' },
    { what: 'an id that was there before', bad: line(1), says: 'line 3: ID 1 stands on an earlier line' },
    { what: 'a column too few', bad: '3,20000,0', says: 'line 3: it has 3 columns, the header 20' },
    { what: 'a quote that never ends', bad: '3,"20000,0', says: 'line' },
  ])('leaves out $what, names the line, and goes on', ({ bad, says }) => {
    // Prepare
    const good = bad.includes('"') ? [line(1), line(9)] : [line(1)];
    const text = [HEADER, ...good, bad, ...(bad.includes('"') ? [] : [line(9)])].join('\n');
    // Act
    const { accounts, problems } = parsePortfolio(text, 'file.csv');
    // Assess
    expect(accounts.map(({ id }) => id)).toEqual([1, 9]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(says);
  });

  it('reads a byte order mark, CRLF, other columns and another order of columns', () => {
    // Prepare
    const names = [...HEADER.split(','), 'SEX'].reverse();
    const cells = [...line(5, { BILL_AMT2: -30 }).split(','), '1'].reverse();
    // Act
    const { accounts } = parsePortfolio(`\uFEFF${names.join(',')}\r\n${cells.join(',')}\r\n`, 'file.csv');
    // Assess
    expect(accounts.map(({ id, bills }) => [id, bills[1]])).toEqual([[5, -30]]);
  });

  it('takes the first accounts only, where asked to', () => {
    const { accounts } = parsePortfolio([HEADER, line(4), line(2), line(3)].join('\n'), 'file.csv', 2);
    expect(accounts.map(({ id }) => id)).toEqual([4, 2]);
  });

  it.each([
    { what: 'without a column', text: `${HEADER.replace(',PAY_AMT5', '')}\n`, says: 'lacks the column PAY_AMT5.' },
    { what: 'of another kind', text: 'a;b\n1;2\n', says: 'lacks the columns ID, LIMIT_BAL' },
    { what: 'that is empty', text: '', says: 'lacks the columns' },
    { what: 'without accounts', text: `${HEADER}\n`, says: 'holds no accounts' },
  ])('is refused in one line: a file $what', ({ text, says }) => {
    const act = () => parsePortfolio(text, 'file.csv');
    expect(act).toThrow(PortfolioError);
    expect(act).toThrow(says);
    expect(act).not.toThrow('\n');
  });

  it('is refused in one line where it is not there', () => {
    expect(() => readPortfolio('no/such/file.csv')).toThrow('The portfolio no/such/file.csv cannot be read: there is no such file.');
  });
});
