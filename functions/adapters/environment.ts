import { MESSAGE_CHANNELS } from '../../domain/model.ts';
import type { Deployment } from '../../domain/record/journal.ts';
import { type Deployment as DeploymentConfig, deploymentSchema } from '../contract/deployment.ts';

/** A variable that the deployment must set; its absence is a defect of the wiring and ends the function at start. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is not set`);
  return value;
}

export function optional(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

export function deploymentWords(): DeploymentConfig['words'] {
  return readDeployment().words;
}

/** How each channel's messages leave, and how many a second at most. */
export function deploymentChannels(): Pick<DeploymentConfig, 'channels' | 'rates'> {
  const { channels, rates } = readDeployment();
  return { channels, rates };
}

/** How the issuer of tokens names scopes and customers. */
export function tokenRules(): DeploymentConfig['tokens'] {
  return readDeployment().tokens;
}

function readDeployment(): DeploymentConfig {
  return deploymentSchema.parse(JSON.parse(required('DEPLOYMENT')));
}

/** What the domain needs of the deployment. */
export function domainDeployment(): Deployment {
  const { timeZone, jurisdiction, locale, houseOverlay, visits, role, channels, maxFigureAgeHours, products, capacity, overlays } =
    readDeployment();
  return {
    timeZone,
    jurisdiction,
    locale,
    house: houseOverlay,
    visits,
    role,
    channels: MESSAGE_CHANNELS.filter((channel) => channels[channel] !== 'off'),
    maxFigureAgeHours,
    products,
    capacity,
    overlays,
  };
}
