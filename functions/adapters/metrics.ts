/** Reports how often something happened: one call is one data point. */
export type CountMetric = (count: number, now: number) => void;

/** How many wake-ups the sweep found overdue, 0 included: a sweep that falls silent is noticed. */
export function overdueWakeUps(service: string): CountMetric {
  return countMetric(service, 'OverdueWakeUps');
}

/** How many calls, visits and reported contacts were made without asking the gate. */
export function ungatedContacts(service: string): CountMetric {
  return countMetric(service, 'UngatedContact');
}

/** How many reports of providers were about messages that we do not know. */
export function unknownFeedback(service: string): CountMetric {
  return countMetric(service, 'UnknownFeedback');
}

/** How many receipts of payments came too late to be of use, and were not sent. */
export function lateAcknowledgements(service: string): CountMetric {
  return countMetric(service, 'LateAcknowledgements');
}

/** How many accounts' reminders before a due date failed in a run, 0 included: a run that does not come is noticed. */
export function failedReminders(service: string): CountMetric {
  return countMetric(service, 'FailedReminders');
}

/**
 * CloudWatch's embedded metric format: one line of the log is one data point.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function countMetric(service: string, name: string): CountMetric {
  return (count, now) => {
    const metrics = [{ Namespace: 'OverdueJourneys', Dimensions: [['service']], Metrics: [{ Name: name, Unit: 'Count' }] }];
    console.log(JSON.stringify({ _aws: { Timestamp: now, CloudWatchMetrics: metrics }, service, [name]: count }));
  };
}
