/**
 * Reports how many wake-ups the sweep found overdue, 0 included, in CloudWatch's embedded metric format: one line of the log is one
 * data point, and a sweep that falls silent is noticed.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function overdueWakeUps(service: string): (count: number, now: number) => void {
  return (count, now) => {
    const metrics = [{ Namespace: 'OverdueJourneys', Dimensions: [['service']], Metrics: [{ Name: 'OverdueWakeUps', Unit: 'Count' }] }];
    console.log(JSON.stringify({ _aws: { Timestamp: now, CloudWatchMetrics: metrics }, service, OverdueWakeUps: count }));
  };
}
