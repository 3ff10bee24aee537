import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './synthesized.ts';

/** No credentials, no Region, no network to find either. */
const offline = {
  ...process.env,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
};
for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION']) {
  Reflect.deleteProperty(offline, name);
}

it('the CDK command synthesizes prod with neither credentials nor network, and finds nothing to object to', () => {
  // Prepare
  const output = temporaryFolder();
  // Act
  execFileSync('npx', ['cdk', 'synth', '--quiet', '--context', 'environment=prod', '--output', output], { env: offline, stdio: 'pipe' });
  // Assess
  expect(
    readdirSync(output)
      .filter((name) => name.endsWith('.template.json'))
      .sort(),
  ).toEqual(['overdue-journeys-app.template.json', 'overdue-journeys-data.template.json']);
  expect(JSON.parse(readFileSync(join(output, 'validation-report.json'), 'utf8'))).toMatchObject({ pluginReports: [] });
});
