/**
 * List prices in us-east-1, in US dollars, without free tiers and discounts, as of November 2026. The sources are AWS's price pages:
 * https://aws.amazon.com/step-functions/pricing, https://aws.amazon.com/lambda/pricing, https://aws.amazon.com/dynamodb/pricing/on-demand,
 * https://aws.amazon.com/eventbridge/pricing and https://aws.amazon.com/ses/pricing.
 */
export const PRICES = {
  asOf: '2026-11',
  region: 'us-east-1',
  perMillion: {
    stateTransitions: 25,
    functionCalls: 0.2,
    writeUnits: 0.625,
    readUnits: 0.125,
    eventsPut: 1,
    /** The rate of accounts opened since July 2026 (Essentials). */
    emails: 160,
  },
} as const;
